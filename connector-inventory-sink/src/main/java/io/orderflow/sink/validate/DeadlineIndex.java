package io.orderflow.sink.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Checks that due orders can be found without reading all orders, which happens every second. */
final class DeadlineIndex {

  private static final String INDEXES =
      """
      SELECT count(*) > 0, (SELECT relkind = 'p' FROM pg_class WHERE oid = ?::regclass)
        FROM pg_index i
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        JOIN pg_class c ON c.oid = i.indexrelid
        JOIN pg_am m ON m.oid = c.relam
       WHERE i.indrelid = ?::regclass AND i.indisvalid AND a.attname = 'expires_at' AND m.amname = 'btree'
         AND coalesce(pg_get_expr(i.indpred, i.indrelid), '') IN ('', '(expires_at IS NOT NULL)')""";

  private DeadlineIndex() {}

  static List<Finding> check(Connection connection, String key, TableName table)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(INDEXES)) {
      statement.setString(1, table.quoted());
      statement.setString(2, table.quoted());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getBoolean(1)
            ? List.of()
            : List.of(
                new Finding(
                    key,
                    ("table %s lacks an index on expires_at, so that each sweep would read all orders."
                            + " Run: CREATE INDEX %sON %s (expires_at) WHERE expires_at IS NOT NULL;")
                        .formatted(
                            table, row.getBoolean(2) ? "" : "CONCURRENTLY ", table.quoted())));
      }
    }
  }
}
