package io.orderflow.source.catalog;

import io.orderflow.common.database.Identifiers;
import io.orderflow.common.database.TableName;
import io.orderflow.source.schema.CapturedTables;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The partitions that store rows of the captured tables, at all levels. The log contains the
 * changes of their rows, but not that one is attached, detached or dropped. All are read from
 * {@code pg_inherits}, which a transaction's snapshot covers, as opposed to {@code
 * pg_partition_tree()}.
 *
 * @param oids of the partitions in {@code pg_class}; empty if no captured table is partitioned
 */
public record PartitionOids(SortedSet<Long> oids) {

  private static final String TREE =
      """
      WITH RECURSIVE member (oid) AS (
        SELECT inhrelid FROM pg_catalog.pg_inherits
        WHERE inhparent = ANY (ARRAY[%s]::regclass[]) AND NOT inhdetachpending
        UNION
        SELECT i.inhrelid FROM member m JOIN pg_catalog.pg_inherits i ON i.inhparent = m.oid
        WHERE NOT i.inhdetachpending
      )
      SELECT coalesce(string_agg(c.oid::text, ',' ORDER BY c.oid), '') AS partitions
      FROM member m JOIN pg_catalog.pg_class c ON c.oid = m.oid AND c.relkind <> 'p'""";

  /**
   * Whether each partition, and each level above it, was a partition from its creation on, so that
   * it never had rows before. To attach a table writes the catalog rows of all its columns again,
   * while those of its system columns remain from the creation.
   */
  private static final String ATTACHED =
      """
      WITH RECURSIVE link (leaf, child, parent) AS (
        SELECT inhrelid, inhrelid, inhparent FROM pg_catalog.pg_inherits WHERE inhrelid = ANY (?)
        UNION ALL
        SELECT l.leaf, i.inhrelid, i.inhparent FROM link l
        JOIN pg_catalog.pg_inherits i ON i.inhrelid = l.parent
      ), attached (leaf) AS (
        SELECT leaf FROM link GROUP BY leaf HAVING NOT bool_and(EXISTS (
          SELECT FROM pg_catalog.pg_attribute a
          JOIN pg_catalog.pg_attribute s ON s.attrelid = a.attrelid AND s.attname = 'ctid' AND s.attnum < 0
          WHERE a.attrelid = child AND a.attnum > 0 AND a.xmin = s.xmin AND a.cmin = s.cmin))
      )
      SELECT leaf::bigint, n.nspname, c.relname, has_table_privilege(c.oid, 'SELECT')
      FROM attached JOIN pg_catalog.pg_class c ON c.oid = leaf
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      """;

  /** No captured table is partitioned. */
  public static final PartitionOids NONE = new PartitionOids(new TreeSet<>());

  /** The statement, for a connection that only understands the simple protocol. */
  public static String sql(CapturedTables tables) {
    return TREE.formatted(
        Stream.of(tables.orders(), tables.items())
            .flatMap(Stream::ofNullable)
            .map(TableName::quoted)
            .map(Identifiers::literal)
            .collect(Collectors.joining(", ")));
  }

  /**
   * Parses the text form.
   *
   * @throws IllegalArgumentException if it is not a list of OIDs
   */
  public static PartitionOids parse(String text) {
    return text.isEmpty()
        ? NONE
        : new PartitionOids(
            Arrays.stream(text.split(",", -1))
                .map(Long::valueOf)
                .collect(Collectors.toCollection(TreeSet::new)));
  }

  /** Reads the partitions that the transaction's snapshot shows. */
  public static PartitionOids readPartitions(Connection connection, CapturedTables tables)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql(tables))) {
      row.next();
      return parse(row.getString(1));
    }
  }

  /** The partitions of this that others lack. */
  public PartitionOids without(PartitionOids others) {
    SortedSet<Long> rest = new TreeSet<>(oids);
    rest.removeAll(others.oids);
    return new PartitionOids(rest);
  }

  /** The partitions of both. */
  public PartitionOids and(PartitionOids others) {
    SortedSet<Long> all = new TreeSet<>(oids);
    all.addAll(others.oids);
    return new PartitionOids(all);
  }

  public boolean isEmpty() {
    return oids.isEmpty();
  }

  /**
   * Those of the partitions that were attached and have rows, which they may have had before. One
   * that the role must not read by its own name counts as one with rows.
   */
  public PartitionOids readAttachedWithRows(Connection connection) throws SQLException {
    SortedSet<Long> found = new TreeSet<>();
    for (Map.Entry<Long, String> attached : readAttached(connection, oids).entrySet()) {
      if (attached.getValue().isEmpty() || hasRows(connection, attached.getValue())) {
        found.add(attached.getKey());
      }
    }
    return new PartitionOids(found);
  }

  private static Map<Long, String> readAttached(Connection connection, Collection<Long> oids)
      throws SQLException {
    Map<Long, String> attached = new LinkedHashMap<>();
    Array array = connection.createArrayOf("oid", Set.copyOf(oids).toArray());
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

  private static boolean hasRows(Connection connection, String table) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT EXISTS (SELECT FROM " + table + ")")) {
      row.next();
      return row.getBoolean(1);
    }
  }

  /** The text form: OIDs in ascending order, with commas between them. */
  @Override
  public String toString() {
    return oids.stream().map(String::valueOf).collect(Collectors.joining(","));
  }
}
