package io.orderflow.source.catalog;

import io.orderflow.common.database.Identifiers;
import io.orderflow.common.database.TableName;
import io.orderflow.source.schema.CapturedTables;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Identifies the files of the captured tables and of their partitions. They change if a table is
 * rewritten, as by some forms of ALTER TABLE, VACUUM FULL or pg_repack: then the rows' {@code xmin}
 * no longer says which transaction wrote them.
 */
public final class TableFiles {

  private TableFiles() {}

  /** The statement, for a connection that only understands the simple protocol. */
  public static String sql(CapturedTables tables) {
    String roots =
        Stream.of(tables.orders(), tables.items())
            .flatMap(Stream::ofNullable)
            .map(TableName::quoted)
            .map(Identifiers::literal)
            .collect(Collectors.joining(", "));
    return """
        SELECT hashtextextended(string_agg(c.oid || ':' || c.relfilenode, ',' ORDER BY c.oid), 0)::text AS files
        FROM pg_catalog.pg_class c
        WHERE c.oid = ANY (ARRAY[%1$s]::regclass[])
           OR c.oid IN (SELECT relid FROM unnest(ARRAY[%1$s]::regclass[]) AS root
                        CROSS JOIN LATERAL pg_partition_tree(root))"""
        .formatted(roots);
  }

  /** Reads them; in a transaction that has locked the tables. */
  public static String readFiles(Connection connection, CapturedTables tables) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql(tables))) {
      row.next();
      return String.valueOf(row.getString(1));
    }
  }
}
