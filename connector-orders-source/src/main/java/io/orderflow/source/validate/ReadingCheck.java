package io.orderflow.source.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.OrderSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Checks what is read for events: first the conditions, without which no look-up can be planned. A
 * role that may not read the tables cannot run it.
 */
record ReadingCheck(CapturedTables tables, OrderSchema schema) {

  List<Finding> findings(Connection connection) throws SQLException {
    List<Finding> conditions = new ConditionCheck(tables).findings(connection);
    return conditions.isEmpty() ? new ViewCheck(tables, schema).findings(connection) : conditions;
  }
}
