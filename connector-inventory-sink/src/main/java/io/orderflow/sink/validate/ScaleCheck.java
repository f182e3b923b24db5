package io.orderflow.sink.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.sink.config.ConfigKeys;
import io.orderflow.sink.warehouse.StockScale;
import io.orderflow.sink.warehouse.WarehouseTables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Checks that the tables count in the steps that quantity.scale means. */
final class ScaleCheck {

  private static final String FORBIDDEN =
      """
      SELECT quote_ident(current_user)
       WHERE NOT has_table_privilege(to_regclass(?), 'SELECT')""";

  private ScaleCheck() {}

  static List<Finding> check(Connection connection, WarehouseTables tables, int scale)
      throws SQLException {
    String view = tables.scale().quoted();
    try (PreparedStatement statement = connection.prepareStatement(FORBIDDEN)) {
      statement.setString(1, view);
      try (ResultSet row = statement.executeQuery()) {
        if (row.next()) {
          return finding(
              "role %1$s lacks privileges on %2$s. Run: GRANT SELECT ON %3$s TO %1$s;"
                  .formatted(row.getString(1), tables.scale(), view));
        }
      }
    }
    try {
      return new StockScale(tables)
          .mismatch(connection, scale)
          .map(ScaleCheck::finding)
          .orElse(List.of());
    } catch (IllegalStateException e) {
      return finding(String.valueOf(e.getMessage()));
    }
  }

  private static List<Finding> finding(String message) {
    return List.of(new Finding(ConfigKeys.QUANTITY_SCALE, message));
  }
}
