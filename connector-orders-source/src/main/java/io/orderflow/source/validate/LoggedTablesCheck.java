package io.orderflow.source.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.TableName;
import io.orderflow.source.schema.CapturedTables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks that the log contains the changes of every table that stores rows of a captured table,
 * which those of unlogged and foreign tables are not.
 */
record LoggedTablesCheck(CapturedTables tables) {

  private static final String NOT_LOGGED =
      """
      SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
      FROM pg_catalog.pg_class root
      JOIN pg_catalog.pg_namespace s ON s.oid = root.relnamespace
      JOIN pg_catalog.pg_class c ON c.oid = root.oid OR c.oid IN (SELECT relid FROM pg_partition_tree(root.oid))
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE s.nspname = ? AND root.relname = ?
        AND c.relkind = 'r' AND c.relpersistence <> 'p'
      ORDER BY 1
      """;

  List<Finding> findings(Connection connection) throws SQLException {
    List<Finding> findings =
        new ArrayList<>(new ForeignPartitionsCheck(tables).findings(connection));
    for (ConfiguredTable table : ConfiguredTable.of(tables)) {
      check(connection, table.key(), table.table(), findings);
    }
    return findings;
  }

  private static void check(
      Connection connection, String key, TableName table, List<Finding> findings)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(NOT_LOGGED)) {
      statement.setString(1, table.schema());
      statement.setString(2, table.table());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          String name = row.getString(1);
          String problem =
              "%s is not logged, so that its changes are not in the log:\nALTER TABLE %s SET LOGGED;"
                  .formatted(name, name);
          findings.add(new Finding(key, problem));
        }
      }
    }
  }
}
