package io.orderflow.source.catalog;

import io.orderflow.common.database.Identifiers;
import io.orderflow.common.database.TableName;
import io.orderflow.source.offset.TransactionSnapshot;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.sql.PartitionTreeSql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Identifies the files of the captured tables and of their partitions. They change if a table is
 * rewritten, as by some forms of ALTER TABLE, VACUUM FULL or pg_repack: then the rows' {@code xmin}
 * no longer says which transaction wrote them.
 */
public final class TableFiles {

  /** Those of the partitions that were created as such, with the transactions that did. */
  private static final String CREATED =
      """
      SELECT c.oid::bigint, a.xmin::text::bigint
      FROM unnest(ARRAY[%s]::regclass[]) AS root CROSS JOIN LATERAL pg_partition_tree(root) AS t
      JOIN pg_catalog.pg_class c ON c.oid = t.relid
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = 'ctid' AND a.attnum < 0
      WHERE t.level > 0 AND %s""";

  private TableFiles() {}

  /** The statement, for a connection that only understands the simple protocol. */
  public static String sql(CapturedTables tables) {
    return sql(tables, List.of());
  }

  private static String sql(CapturedTables tables, List<Long> without) {
    String others =
        without.isEmpty()
            ? ""
            : " AND c.oid <> ALL ('{%s}'::oid[])"
                .formatted(without.stream().map(String::valueOf).collect(Collectors.joining(",")));
    return """
        SELECT hashtextextended(string_agg(c.oid || ':' || c.relfilenode, ',' ORDER BY c.oid), 0)::text AS files
        FROM pg_catalog.pg_class c
        WHERE (c.oid = ANY (ARRAY[%1$s]::regclass[])
               OR c.oid IN (SELECT relid FROM unnest(ARRAY[%1$s]::regclass[]) AS root
                            CROSS JOIN LATERAL pg_partition_tree(root)))%2$s"""
        .formatted(roots(tables), others);
  }

  private static String roots(CapturedTables tables) {
    return Stream.of(tables.orders(), tables.items())
        .flatMap(Stream::ofNullable)
        .map(TableName::quoted)
        .map(Identifiers::literal)
        .collect(Collectors.joining(", "));
  }

  /** Reads them; in a transaction that has locked the tables. */
  public static String readFiles(Connection connection, CapturedTables tables) throws SQLException {
    return read(connection, sql(tables));
  }

  /**
   * Whether a table was rewritten since a snapshot. A partition that was created since is none: it
   * never had an older row.
   *
   * @param before the files that the snapshot shows
   * @param now the snapshot of this transaction, which has locked the tables
   */
  public static boolean areRewritten(
      Connection connection,
      CapturedTables tables,
      String before,
      TransactionSnapshot since,
      TransactionSnapshot now)
      throws SQLException {
    if (before.equals(readFiles(connection, tables))) {
      return false;
    }
    List<Long> created = new ArrayList<>();
    String sql = CREATED.formatted(roots(tables), PartitionTreeSql.wasCreatedAsPartition("c.oid"));
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        if (since.isWrittenSince(row.getLong(2), now)) {
          created.add(row.getLong(1));
        }
      }
    }
    return !before.equals(read(connection, sql(tables, created)));
  }

  private static String read(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return String.valueOf(row.getString(1));
    }
  }
}
