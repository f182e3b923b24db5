package io.orderflow.sink.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.TableName;
import io.orderflow.sink.warehouse.ViewedColumns;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * The column that a claim of an order compares. The sink inserts rows without it, and a null would
 * never equal what was read, so that it needs a default and must not be null.
 */
final class RevisionColumn {

  static final String NAME = "revision";

  private static final String SOUND =
      """
      SELECT attnotnull AND atthasdef FROM pg_attribute
       WHERE attrelid = ?::regclass AND attname = 'revision' AND NOT attisdropped""";

  private RevisionColumn() {}

  static List<Finding> check(Connection connection, String key, TableName table)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SOUND)) {
      statement.setString(1, table.quoted());
      try (ResultSet row = statement.executeQuery()) {
        return !row.next() || row.getBoolean(1)
            ? List.of()
            : List.of(
                new Finding(
                    key,
                    ("the column revision of table %1$s may be null, or has no default. Run: UPDATE"
                            + " %2$s SET revision = 0 WHERE revision IS NULL; ALTER TABLE %2$s ALTER"
                            + " COLUMN revision SET DEFAULT %3$s, ALTER COLUMN revision SET NOT NULL;")
                        .formatted(table, table.quoted(), ViewedColumns.REVISION_DEFAULT)));
      }
    }
  }
}
