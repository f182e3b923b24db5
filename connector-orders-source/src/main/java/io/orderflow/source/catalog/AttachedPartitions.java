package io.orderflow.source.catalog;

import io.orderflow.common.database.TableName;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.sql.PartitionTreeSql;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The partitions that store rows of the captured tables, at all levels. The log contains the
 * changes of their rows, but not that one is attached, detached or dropped. All are read from
 * {@code pg_inherits}, which a transaction's snapshot covers, as opposed to {@code
 * pg_partition_tree()}.
 *
 * @param attachments by the OID of a partition, the transactions that attached it and the levels
 *     above it, which differ once it is detached and attached again; empty if no captured table is
 *     partitioned
 */
public record AttachedPartitions(NavigableMap<Long, String> attachments) {

  private static final String LIST =
      """
      %s
      SELECT coalesce(string_agg(c.oid || '.' || t.attached, ',' ORDER BY c.oid), '') AS partitions
      FROM tree t JOIN pg_catalog.pg_class c ON c.oid = t.part AND c.relkind <> 'p'""";

  /** The partitions that were not created as such, or of which a level above them was not. */
  private static final String ATTACHED =
      """
      WITH RECURSIVE link (leaf, child, parent) AS (
        SELECT inhrelid, inhrelid, inhparent FROM pg_catalog.pg_inherits WHERE inhrelid = ANY (?)
        UNION ALL
        SELECT l.leaf, i.inhrelid, i.inhparent FROM link l
        JOIN pg_catalog.pg_inherits i ON i.inhrelid = l.parent
      ), attached (leaf) AS (
        SELECT leaf FROM link GROUP BY leaf HAVING NOT bool_and(%s)
      )
      SELECT leaf::bigint, n.nspname, c.relname, has_table_privilege(c.oid, 'SELECT')
      FROM attached JOIN pg_catalog.pg_class c ON c.oid = leaf
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      """
          .formatted(PartitionTreeSql.wasCreatedAsPartition("child"));

  private static final String NAMES =
      """
      SELECT t.oid::bigint, n.nspname, c.relname
      FROM unnest(?) AS t (oid)
      LEFT JOIN pg_catalog.pg_class c ON c.oid = t.oid
      LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      ORDER BY 2, 3, 1
      """;

  /** The statement, for a connection that only understands the simple protocol. */
  public static String sql(CapturedTables tables) {
    return LIST.formatted(PartitionTreeSql.tree(tables.all()));
  }

  /**
   * Parses the text form.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static AttachedPartitions parse(String text) {
    NavigableMap<Long, String> attachments = new TreeMap<>();
    for (String partition : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      String[] parts = partition.split("\\.", 2);
      attachments.put(Long.valueOf(parts[0]), parts[parts.length - 1]);
    }
    return new AttachedPartitions(attachments);
  }

  /** Reads the partitions that the transaction's snapshot shows. */
  public static AttachedPartitions readPartitions(Connection connection, CapturedTables tables)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql(tables))) {
      row.next();
      return parse(row.getString(1));
    }
  }

  /** The OIDs of the partitions that others lack, or that were attached at another time there. */
  public NavigableSet<Long> without(AttachedPartitions others) {
    NavigableSet<Long> rest = new TreeSet<>();
    attachments.forEach(
        (oid, attached) -> {
          if (!attached.equals(others.attachments.get(oid))) {
            rest.add(oid);
          }
        });
    return rest;
  }

  /**
   * Those of the partitions that were attached and have rows, which they may have had before. One
   * that the role must not read by its own name counts as one with rows.
   *
   * @param oids of partitions that the transaction's snapshot shows
   */
  public static NavigableSet<Long> readThoseWithOldRows(Connection connection, Set<Long> oids)
      throws SQLException {
    NavigableSet<Long> found = new TreeSet<>();
    for (Map.Entry<Long, String> attached : readAttached(connection, oids).entrySet()) {
      if (attached.getValue().isEmpty() || hasRows(connection, attached.getValue())) {
        found.add(attached.getKey());
      }
    }
    return found;
  }

  private static Map<Long, String> readAttached(Connection connection, Set<Long> oids)
      throws SQLException {
    Map<Long, String> attached = new LinkedHashMap<>();
    Array array = connection.createArrayOf("oid", oids.toArray());
    try (PreparedStatement statement = connection.prepareStatement(ATTACHED)) {
      statement.setArray(1, array);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          TableName name = new TableName(row.getString(2), row.getString(3));
          attached.put(row.getLong(1), row.getBoolean(4) ? name.quoted() : "");
        }
      }
    }
    return attached;
  }

  /**
   * Names partitions for a message: {@code public.items_3, a dropped table (OID 16390)}.
   *
   * @param oids of partitions, at present or in the past
   */
  public static String readNames(Connection connection, Set<Long> oids) throws SQLException {
    List<String> names = new ArrayList<>();
    Array array = connection.createArrayOf("oid", oids.toArray());
    try (PreparedStatement statement = connection.prepareStatement(NAMES)) {
      statement.setArray(1, array);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          names.add(
              row.getString(3) == null
                  ? "a dropped table (OID %d)".formatted(row.getLong(1))
                  : new TableName(row.getString(2), row.getString(3)).toString());
        }
      }
    }
    return String.join(", ", names);
  }

  private static boolean hasRows(Connection connection, String table) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT EXISTS (SELECT FROM " + table + ")")) {
      row.next();
      return row.getBoolean(1);
    }
  }

  /** The text form, in the order of the OIDs: {@code 16390.745,16397.751-752}. */
  @Override
  public String toString() {
    return attachments.entrySet().stream()
        .map(partition -> partition.getKey() + "." + partition.getValue())
        .collect(Collectors.joining(","));
  }
}
