package io.orderflow.sink.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks that a table has the unique key by which the sink finds its rows, and none that is
 * narrower: with a key of fewer columns, rows of different records exclude each other.
 */
final class KeyCheck {

  /** Unique keys of columns. Parameter: the table. */
  private static final String KEYS =
      """
      WITH key AS (
        SELECT i.indexrelid, i.indimmediate AND i.indisvalid AS usable, c.conname, c.contype,
               coalesce(c.condeferrable, false) AS is_deferrable,
               array_agg(a.attname::text) AS columns
          FROM pg_index i
          JOIN pg_attribute a ON a.attrelid = i.indrelid
           AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])
          LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.conrelid = i.indrelid
           AND c.contype IN ('p', 'u')
         WHERE i.indrelid = ?::regclass AND i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL
         GROUP BY i.indexrelid, i.indimmediate, i.indisvalid, c.oid, c.conname, c.contype, c.condeferrable)
      """;

  /** Parameters: the table, and the key's columns three times. */
  private static final String STATE =
      KEYS
          + """
          SELECT bool_or(usable AND columns @> ?::text[] AND columns <@ ?::text[]),
                 bool_or(contype = 'p' AND NOT columns <@ ?::text[])
            FROM key""";

  /** Keys that the sink cannot use, or not beside its own. Parameters: as above. */
  private static final String UNUSABLE =
      KEYS
          + """
          SELECT format(CASE WHEN conname IS NULL THEN '%1$s' ELSE '%2$I' END, indexrelid::regclass, conname),
                 conname IS NULL, columns @> ?::text[], array_to_string(columns, ', ')
            FROM key
           WHERE columns <@ ?::text[] AND (NOT columns @> ?::text[] OR is_deferrable)
           ORDER BY 2, 1""";

  /** Columns of the partition key that are not among those of the key. */
  private static final String PARTITION_COLUMNS =
      """
      SELECT pg_get_partkeydef(partrelid)
        FROM pg_partitioned_table
       WHERE partrelid = ?::regclass
         AND EXISTS (SELECT FROM unnest(partattrs::int2[]) n
                      LEFT JOIN pg_attribute a ON a.attrelid = partrelid AND a.attnum = n
                     WHERE a.attname IS NULL OR a.attname <> ALL (?::text[]))""";

  private final Connection connection;
  private final String key;
  private final TableName table;
  private final List<String> columns;

  private KeyCheck(Connection connection, String key, TableName table, List<String> columns) {
    this.connection = connection;
    this.key = key;
    this.table = table;
    this.columns = columns;
  }

  /**
   * Reports a missing key, and keys that must not exist.
   *
   * @param columns of the key
   */
  static List<Finding> check(
      Connection connection, String key, TableName table, List<String> columns)
      throws SQLException {
    return new KeyCheck(connection, key, table, columns).check();
  }

  private List<Finding> check() throws SQLException {
    boolean exists;
    boolean hasOtherPrimaryKey;
    try (PreparedStatement statement = prepare(STATE);
        ResultSet row = statement.executeQuery()) {
      row.next();
      exists = row.getBoolean(1);
      hasOtherPrimaryKey = row.getBoolean(2);
    }
    List<String> problems = new ArrayList<>();
    List<String> constraints = new ArrayList<>();
    List<String> indexes = new ArrayList<>();
    findUnusable(problems, constraints, indexes);
    String wanted = String.join(", ", columns);
    if (!exists) {
      String partitionKey = partitionKey();
      if (partitionKey != null) {
        return List.of(
            new Finding(
                key,
                ("table %s needs a unique key (%s), which PostgreSQL cannot create since the table is"
                        + " partitioned by %s: partition it by columns of the key, or set the setting"
                        + " to a table that is not partitioned.")
                    .formatted(table, wanted, partitionKey)));
      }
      if (problems.isEmpty()) {
        problems.add(
            "lacks a %s key (%s)".formatted(hasOtherPrimaryKey ? "unique" : "primary", wanted));
      }
    }
    if (problems.isEmpty()) {
      return List.of();
    }
    List<String> actions = new ArrayList<>(constraints);
    if (!exists) {
      actions.add("ADD %s (%s)".formatted(hasOtherPrimaryKey ? "UNIQUE" : "PRIMARY KEY", wanted));
    }
    StringBuilder sql = new StringBuilder();
    indexes.forEach(index -> sql.append("DROP INDEX ").append(index).append("; "));
    if (!actions.isEmpty()) {
      sql.append("ALTER TABLE ").append(table.quoted()).append(' ');
      sql.append(String.join(", ", actions)).append(';');
    }
    return List.of(
        new Finding(
            key,
            "table %s %s. Run: %s"
                .formatted(table, String.join(", and ", problems), sql.toString().strip())));
  }

  private void findUnusable(List<String> problems, List<String> constraints, List<String> indexes)
      throws SQLException {
    try (PreparedStatement statement = prepare(UNUSABLE);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        String name = rows.getString(1);
        if (rows.getBoolean(2)) {
          indexes.add(name);
        } else {
          constraints.add("DROP CONSTRAINT " + name);
        }
        problems.add(
            rows.getBoolean(3)
                ? "has the deferrable key %s, which ON CONFLICT cannot use".formatted(name)
                : "has the unique key %s of (%s) alone, which excludes rows that differ in other columns of (%s)"
                    .formatted(name, rows.getString(4), String.join(", ", columns)));
      }
    }
  }

  private PreparedStatement prepare(String sql) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    statement.setString(1, table.quoted());
    for (int parameter = 2; parameter <= 4; parameter++) {
      statement.setArray(parameter, connection.createArrayOf("text", columns.toArray()));
    }
    return statement;
  }

  private @Nullable String partitionKey() throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(PARTITION_COLUMNS)) {
      statement.setString(1, table.quoted());
      statement.setArray(2, connection.createArrayOf("text", columns.toArray()));
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getString(1) : null;
      }
    }
  }
}
