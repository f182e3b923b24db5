package io.orderflow.source.validate;

import io.orderflow.common.database.TableName;
import io.orderflow.source.schema.OrderIdColumns;
import io.orderflow.source.sql.ShardSql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The B-tree indexes of a table that contain all of its rows. */
final class TableIndexes {

  private static final String INDEXES =
      """
      SELECT c.relname, i.indisvalid, i.indisunique AND i.indimmediate, i.indisprimary, a.attname,
             coalesce(pg_get_expr(i.indexprs, i.indrelid), ''), i.indexrelid,
             (SELECT h.inhparent FROM pg_catalog.pg_inherits h WHERE h.inhrelid = i.indexrelid),
             n.nspname, t.relname
      FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
      JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
      JOIN pg_catalog.pg_am m ON m.oid = c.relam
      CROSS JOIN LATERAL unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (attnum, place)
      LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
      WHERE (t.oid = ?::regclass OR (? AND t.oid IN (SELECT relid FROM pg_partition_tree(?::regclass)))) AND i.indpred IS NULL AND m.amname = 'btree'
        AND k.place <= i.indnkeyatts
      ORDER BY t.oid, c.relname, k.place
      """;

  private static final Pattern SHARDS = Pattern.compile("% (\\d{1,4})\\)*$");

  private TableIndexes() {}

  /**
   * An index.
   *
   * @param valid of a partitioned table: whether each partition has a valid index that is attached
   * @param primary whether it is that of the primary key
   * @param keys names of columns, with null for an expression
   * @param parent the OID of the index that it is attached to; null if it is not
   */
  record Index(
      String name,
      boolean valid,
      boolean unique,
      boolean primary,
      List<@Nullable String> keys,
      String expression,
      long oid,
      @Nullable Long parent) {

    /**
     * The number of shards that an index of query capture is made for; empty for any other index.
     */
    Optional<Integer> shards(String xid, OrderIdColumns ids) {
      List<@Nullable String> expected = new ArrayList<>();
      expected.add(null);
      expected.add(xid);
      expected.addAll(ids.names());
      Matcher matcher = SHARDS.matcher(expression);
      if (!keys.equals(expected) || !matcher.find()) {
        return Optional.empty();
      }
      int shards = Integer.parseInt(matcher.group(1));
      return bare(expression).equals(bare(ShardSql.shard(ids, shards)))
          ? Optional.of(shards)
          : Optional.empty();
    }

    /** Whether its first columns are these, in this order. */
    boolean beginsWith(List<String> columns) {
      return keys.size() >= columns.size() && keys.subList(0, columns.size()).equals(columns);
    }

    /** An expression without what PostgreSQL adds to its text or leaves out. */
    private static String bare(String expression) {
      return expression.replaceAll("::\\w+|[\\s()'\"]", "");
    }
  }

  /** Reads the indexes of a table. */
  static List<Index> read(Connection connection, TableName table) throws SQLException {
    return read(connection, table, false).getOrDefault(table, List.of());
  }

  /** Reads the indexes of a table and of its partitions, if it has any. */
  static Map<TableName, List<Index>> readTree(Connection connection, TableName root)
      throws SQLException {
    return read(connection, root, true);
  }

  private static Map<TableName, List<Index>> read(
      Connection connection, TableName table, boolean withPartitions) throws SQLException {
    Map<TableName, List<Index>> indexes = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(INDEXES)) {
      statement.setString(1, table.quoted());
      statement.setBoolean(2, withPartitions);
      statement.setString(3, table.quoted());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          TableName owner = new TableName(row.getString(9), row.getString(10));
          add(row, indexes.computeIfAbsent(owner, of -> new ArrayList<>()));
        }
      }
    }
    return indexes;
  }

  private static void add(ResultSet row, List<Index> indexes) throws SQLException {
    String name = row.getString(1);
    Index last = indexes.isEmpty() ? null : indexes.get(indexes.size() - 1);
    if (last == null || !last.name().equals(name)) {
      last =
          new Index(
              name,
              row.getBoolean(2),
              row.getBoolean(3),
              row.getBoolean(4),
              new ArrayList<>(),
              row.getString(6),
              row.getLong(7),
              row.getString(8) == null ? null : (Long) row.getLong(8));
      indexes.add(last);
    }
    last.keys().add(row.getString(5));
  }
}
