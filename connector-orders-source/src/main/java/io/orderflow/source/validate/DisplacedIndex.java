package io.orderflow.source.validate;

import static io.orderflow.common.database.Identifiers.quote;

import io.orderflow.common.database.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Function;

/**
 * An index whose table was renamed, and that still has the name which the index of the present
 * table is to have. CREATE INDEX IF NOT EXISTS would create nothing.
 *
 * @param name the index's own name
 * @param newName the name for its table
 */
record DisplacedIndex(TableName name, String newName) {

  private static final String OWNER =
      """
      SELECT tn.nspname, t.relname
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
      JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
      JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
      WHERE n.nspname = ? AND c.relname = ?
      """;

  /**
   * Finds the index that has the name of a table's index, but belongs to another table.
   *
   * @param names the name of the index of a table
   */
  static Optional<DisplacedIndex> find(
      Connection connection, TableName table, Function<TableName, String> names)
      throws SQLException {
    String name = names.apply(table);
    try (PreparedStatement statement = connection.prepareStatement(OWNER)) {
      statement.setString(1, table.schema());
      statement.setString(2, name);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        TableName owner = new TableName(row.getString(1), row.getString(2));
        return owner.equals(table)
            ? Optional.empty()
            : Optional.of(
                new DisplacedIndex(new TableName(table.schema(), name), names.apply(owner)));
      }
    }
  }

  /** The statement that gives it the name for its table. */
  String rename() {
    return "ALTER INDEX %s RENAME TO %s;".formatted(name.quoted(), quote(newName));
  }
}
