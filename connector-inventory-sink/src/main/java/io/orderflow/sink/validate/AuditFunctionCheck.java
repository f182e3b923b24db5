package io.orderflow.sink.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.Identifiers;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.database.TableName;
import io.orderflow.sink.config.ConfigKeys;
import io.orderflow.sink.warehouse.WarehouseTables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Checks that the role may call the function that creates the partitions of the audit trail. */
final class AuditFunctionCheck {

  /** A function without a result does not exist. */
  private static final String EXECUTE =
      """
      SELECT has_function_privilege(p.oid, 'EXECUTE')
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
       WHERE n.nspname = ? AND p.proname = ? AND p.pronargs = 0""";

  private AuditFunctionCheck() {}

  /**
   * Reports a missing function, or a missing privilege.
   *
   * @param tables of the warehouse
   * @param audit a table that exists
   * @param orderIds the type of order ID of the other tables
   */
  static List<Finding> check(
      Connection connection,
      WarehouseTables tables,
      TableName audit,
      OrderIdType orderIds,
      String user)
      throws SQLException {
    TableName function = WarehouseTables.months(audit);
    try (PreparedStatement statement = connection.prepareStatement(EXECUTE)) {
      statement.setString(1, function.schema());
      statement.setString(2, function.table());
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return List.of(
              new Finding(
                  ConfigKeys.TABLE_AUDIT,
                  "the function %s, which creates the partitions of the audit trail, does not exist. Run:\n%s"
                      .formatted(function, tables.auditScript(audit, orderIds))));
        }
        return row.getBoolean(1)
            ? List.of()
            : List.of(
                new Finding(
                    ConfigKeys.TABLE_AUDIT,
                    "role %s may not call the function %s. Run: GRANT EXECUTE ON FUNCTION %s() TO %s;"
                        .formatted(user, function, function.quoted(), Identifiers.quote(user))));
      }
    }
  }
}
