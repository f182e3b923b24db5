package io.orderflow.source.validate;

import io.orderflow.common.database.TableName;
import io.orderflow.source.catalog.ServerInfo;
import io.orderflow.source.validate.StoredTable.Generated;
import io.orderflow.source.validate.StoredTable.Index;
import io.orderflow.source.validate.StoredTable.Published;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the {@link StoredTable tables} that store the rows of a captured table. */
final class StoredTables {

  private static final String TABLES =
      """
      SELECT c.oid::bigint, n.nspname, c.relname, c.relreplident::text
      FROM pg_catalog.pg_class root
      JOIN pg_catalog.pg_namespace s ON s.oid = root.relnamespace
      JOIN pg_catalog.pg_class c ON c.relkind = 'r'
        AND (c.oid = root.oid OR c.oid IN (SELECT relid FROM pg_partition_tree(root.oid)))
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE s.nspname = ? AND root.relname = ?
      ORDER BY n.nspname, c.relname
      """;

  private static final String COLUMNS =
      """
      SELECT attrelid::bigint, attname,
             attnotnull AND NOT EXISTS (
               SELECT FROM pg_catalog.pg_constraint
               WHERE conrelid = attrelid AND contype = 'n' AND NOT convalidated AND attnum = ANY (conkey)),
             attgenerated::text
      FROM pg_catalog.pg_attribute WHERE attrelid = ANY (?) AND attnum > 0 AND NOT attisdropped
      """;

  /** The last column says which index is the identity of its table, if it can be one. */
  private static final String INDEXES =
      """
      SELECT i.indrelid::bigint, c.relname, i.indisvalid, i.indisprimary,
             CASE WHEN i.indisunique AND i.indimmediate AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
                  THEN ARRAY(SELECT a.attname::text
                             FROM unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (attnum, position)
                             JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                             WHERE k.position <= i.indnkeyatts ORDER BY k.position)
                  ELSE '{}' END,
             CASE t.relreplident WHEN 'd' THEN i.indisprimary WHEN 'i' THEN i.indisreplident ELSE false END
      FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
      JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
      WHERE i.indrelid = ANY (?)
      ORDER BY i.indisprimary DESC, c.relname
      """;

  /**
   * The publications of each table's updates or deletes. A publication of a table that it is a
   * partition of counts as well, but its parts only if changes are published as those of that
   * table.
   */
  private static final String PUBLICATIONS =
      """
      WITH member AS (
        SELECT stored.oid AS stored, stored.oid AS relid FROM unnest(?::oid[]) AS stored (oid)
        UNION SELECT stored.oid, a.relid FROM unnest(?::oid[]) AS stored (oid)
        CROSS JOIN LATERAL pg_partition_ancestors(stored.oid) AS a (relid)
      )
      SELECT m.stored::bigint, p.pubname, p.pubupdate, %s
      FROM member m
      CROSS JOIN pg_catalog.pg_publication p
      LEFT JOIN pg_catalog.pg_publication_rel r ON r.prpubid = p.oid AND r.prrelid = m.relid
      WHERE (p.pubupdate OR p.pubdelete) AND (r.oid IS NOT NULL OR p.puballtables %s)
      ORDER BY 1, 2
      """;

  /** All columns and rows, as servers before version 15 publish them. */
  private static final String COMPLETE = "NULL::text[], '{}'::text[], false";

  /**
   * The columns of a column list, and those of a row filter. The latter are known by its
   * dependencies, among which are those of a column list as well.
   */
  private static final String PARTS =
      """
      (SELECT array_agg(a.attname::text) FROM pg_catalog.pg_attribute a
       WHERE (m.relid = m.stored OR p.pubviaroot) AND a.attrelid = r.prrelid
         AND a.attnum = ANY (r.prattrs::smallint[])),
      ARRAY(SELECT a.attname::text
            FROM pg_catalog.pg_depend d
            JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
            WHERE (m.relid = m.stored OR p.pubviaroot) AND r.prqual IS NOT NULL
              AND d.classid = 'pg_publication_rel'::regclass AND d.objid = r.oid
              AND d.refclassid = 'pg_class'::regclass AND d.refobjid = r.prrelid AND d.refobjsubid > 0),
      coalesce(to_jsonb(p) ->> 'pubgencols', 'n') = 's'""";

  private static final String OR_SCHEMA =
      """
      OR EXISTS (
        SELECT FROM pg_catalog.pg_publication_namespace s
        JOIN pg_catalog.pg_class c ON c.relnamespace = s.pnnspid WHERE s.pnpubid = p.oid AND c.oid = m.relid)""";

  /** Before, publications had neither row filters nor column lists, and not whole schemas. */
  private static final int PUBLISHES_PARTS = 150_000;

  private final Map<Long, TableName> names = new LinkedHashMap<>();
  private final Map<Long, Character> identities = new HashMap<>();
  private final Map<Long, List<String>> identityColumns = new HashMap<>();
  private final Map<Long, Set<String>> notNull = new HashMap<>();
  private final Map<Long, List<Generated>> generated = new HashMap<>();
  private final Map<Long, List<Index>> indexes = new HashMap<>();
  private final Map<Long, List<Published>> publications = new HashMap<>();

  private StoredTables() {}

  /** Reads the tables that store rows of a table; sorted by their names. */
  static List<StoredTable> read(Connection connection, TableName table) throws SQLException {
    StoredTables tables = new StoredTables();
    tables.readNames(connection, table);
    Array oids = connection.createArrayOf("oid", tables.names.keySet().toArray());
    tables.readColumns(connection, oids);
    tables.readIndexes(connection, oids);
    tables.readPublications(connection, oids);
    return tables.names.keySet().stream().map(tables::get).toList();
  }

  private StoredTable get(Long oid) {
    return new StoredTable(
        names.getOrDefault(oid, new TableName("", "")),
        identities.getOrDefault(oid, 'n'),
        identityColumns.getOrDefault(oid, List.of()),
        notNull.getOrDefault(oid, Set.of()),
        generated.getOrDefault(oid, List.of()),
        indexes.getOrDefault(oid, List.of()),
        publications.getOrDefault(oid, List.of()));
  }

  private void readNames(Connection connection, TableName table) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(TABLES)) {
      statement.setString(1, table.schema());
      statement.setString(2, table.table());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          long oid = row.getLong(1);
          names.put(oid, new TableName(row.getString(2), row.getString(3)));
          identities.put(oid, row.getString(4).charAt(0));
        }
      }
    }
  }

  private void readColumns(Connection connection, Array oids) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
      statement.setArray(1, oids);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          String column = row.getString(2);
          if (row.getBoolean(3)) {
            notNull.computeIfAbsent(row.getLong(1), oid -> new HashSet<>()).add(column);
          }
          String kind = row.getString(4);
          if (!kind.isEmpty()) {
            generated
                .computeIfAbsent(row.getLong(1), oid -> new ArrayList<>())
                .add(new Generated(column, kind.equals("v")));
          }
        }
      }
    }
  }

  private void readIndexes(Connection connection, Array oids) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(INDEXES)) {
      statement.setArray(1, oids);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          List<String> columns = texts(row.getArray(5));
          indexes
              .computeIfAbsent(row.getLong(1), oid -> new ArrayList<>())
              .add(new Index(row.getString(2), row.getBoolean(3), row.getBoolean(4), columns));
          if (row.getBoolean(6)) {
            identityColumns.put(row.getLong(1), columns);
          }
        }
      }
    }
  }

  private void readPublications(Connection connection, Array oids) throws SQLException {
    boolean parts = ServerInfo.readVersion(connection) >= PUBLISHES_PARTS;
    String sql = PUBLICATIONS.formatted(parts ? PARTS : COMPLETE, parts ? OR_SCHEMA : "");
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setArray(1, oids);
      statement.setArray(2, oids);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          Array listed = row.getArray(4);
          publications
              .computeIfAbsent(row.getLong(1), oid -> new ArrayList<>())
              .add(
                  new Published(
                      row.getString(2),
                      row.getBoolean(3),
                      listed == null ? null : Set.copyOf(texts(listed)),
                      Set.copyOf(texts(row.getArray(5))),
                      row.getBoolean(6)));
        }
      }
    }
  }

  private static List<String> texts(@Nullable Array array) throws SQLException {
    return array == null
        ? List.of()
        : Arrays.stream((Object[]) array.getArray()).map(String::valueOf).toList();
  }
}
