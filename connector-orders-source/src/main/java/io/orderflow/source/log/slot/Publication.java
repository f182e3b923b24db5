package io.orderflow.source.log.slot;

import io.orderflow.common.database.Identifiers;
import io.orderflow.common.database.TableName;
import io.orderflow.source.schema.CapturedTables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The publication of the captured tables.
 *
 * @param name as PostgreSQL's catalog has it
 */
public record Publication(String name, CapturedTables tables) {

  static final String OPERATIONS = "publish = 'insert, update, delete, truncate'";

  /** Each partition has a replica identity of its own, and may be truncated alone. */
  static final String VIA_ROOT = "publish_via_partition_root = false";

  /** From this version on, values of stored generated columns can be published. */
  private static final int PUBLISHES_GENERATED = 180_000;

  private static final String EXISTS = "SELECT FROM pg_catalog.pg_publication WHERE pubname = ?";

  /** Contains whole catalog rows, so that options of later PostgreSQL versions are included. */
  private static final String FINGERPRINT =
      """
      WITH RECURSIVE member (oid) AS (
        SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE (nspname, relname) IN (SELECT * FROM unnest(?::text[], ?::text[]))
        UNION SELECT inhrelid FROM member m JOIN pg_catalog.pg_inherits ON inhparent = m.oid
      ), stored AS (
        SELECT c.oid, nspname, relname, relreplident FROM member m
        JOIN pg_catalog.pg_class c ON c.oid = m.oid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      )
      SELECT hashtextextended(concat_ws(';',
        (SELECT to_jsonb(p) FROM pg_catalog.pg_publication p WHERE pubname = ?),
        (SELECT jsonb_agg(to_jsonb(t) ORDER BY schemaname, tablename)
         FROM pg_catalog.pg_publication_tables t
         WHERE pubname = ? AND (schemaname, tablename) IN (SELECT nspname, relname FROM stored)),
        (SELECT string_agg(concat_ws(' ', c.oid, c.relreplident,
                  (SELECT i.indkey FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid
                   AND CASE c.relreplident WHEN 'd' THEN i.indisprimary ELSE i.indisreplident END)), ',' ORDER BY c.oid)
         FROM stored c),
        (SELECT string_agg(concat_ws(' ', inhparent, inhrelid, xmin, inhdetachpending), ',' ORDER BY inhparent, inhrelid)
         FROM pg_catalog.pg_inherits WHERE inhparent IN (SELECT oid FROM member))), 0)::text
      """;

  /** IDs and writers of catalog rows, which differ once a table is removed and added again. */
  private static final String MEMBERSHIP =
      """
      SELECT concat_ws(' ', p.oid || '.' || p.xmin,
        (SELECT string_agg(r.oid || '.' || r.xmin, ' ' ORDER BY r.oid)
         FROM pg_catalog.pg_publication_rel r
         JOIN pg_catalog.pg_class c ON c.oid = r.prrelid
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE r.prpubid = p.oid AND (nspname, relname) IN (SELECT * FROM unnest(?::text[], ?::text[])))%s,
        (SELECT string_agg('+' || hashtextextended(format('%%I.%%I', nspname, relname), 0) || '=' || r.oid || '.' || r.xmin, ' ' ORDER BY r.oid)
         FROM pg_catalog.pg_publication_rel r
         JOIN pg_catalog.pg_class c ON c.oid = r.prrelid
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE r.prpubid = p.oid AND (nspname, relname) IN (SELECT * FROM unnest(?::text[], ?::text[]))))
      FROM pg_catalog.pg_publication p WHERE pubname = ?
      """;

  /** The part of {@link #MEMBERSHIP} for published schemas, which PostgreSQL 15 introduced. */
  private static final String SCHEMAS =
      """
      ,
        (SELECT string_agg(s.oid || '.' || s.xmin, ' ' ORDER BY s.oid)
         FROM pg_catalog.pg_publication_namespace s
         JOIN pg_catalog.pg_namespace n ON n.oid = s.pnnspid
         WHERE s.pnpubid = p.oid AND nspname = ANY (?::text[]))
      """;

  private static final int PUBLISHES_SCHEMAS = 15;

  /**
   * The state of a publication.
   *
   * @param fingerprint changes if the publication, the published rows or columns of the tables, a
   *     replica identity, or the tables' partitions and heirs change, even if a partition is
   *     detached and attached again
   * @param membership differs from any earlier one if a table was removed and added again, even if
   *     the fingerprint is the same; empty if the publication does not exist. Watched tables, each
   *     as {@code +hash=entry} with a hash of its name, follow the others
   */
  public record State(String fingerprint, String membership) {}

  /** Whether a publication of this name exists. */
  public boolean exists(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(EXISTS)) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        return row.next();
      }
    }
  }

  /**
   * Creates the publication, on a connection that may write. Must precede the creation of the slot,
   * whose stream can only use publications that existed when it was created.
   */
  public void create(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(createSql(connection.getMetaData().getDatabaseMajorVersion() * 10_000));
    }
  }

  /** The SQL that creates the publication. */
  public String createSql(int serverVersion) {
    return "CREATE PUBLICATION %s FOR TABLE %s WITH (%s, %s%s);"
        .formatted(
            Identifiers.quote(name),
            published().stream().map(TableName::quoted).collect(Collectors.joining(", ")),
            OPERATIONS,
            VIA_ROOT,
            serverVersion >= PUBLISHES_GENERATED ? ", publish_generated_columns = stored" : "");
  }

  /** Reads the state from the catalog, which is cheap; in a REPEATABLE READ transaction. */
  public State readState(Connection connection) throws SQLException {
    List<TableName> captured = tables.captured();
    List<TableName> watched =
        tables.all().stream().filter(table -> !captured.contains(table)).toList();
    List<Object> ofFingerprint = new ArrayList<>();
    addNames(connection, tables.all(), ofFingerprint);
    ofFingerprint.addAll(List.of(name, name));
    List<Object> ofMembership = new ArrayList<>();
    addNames(connection, captured, ofMembership);
    boolean schemas = connection.getMetaData().getDatabaseMajorVersion() >= PUBLISHES_SCHEMAS;
    if (schemas) {
      ofMembership.add(ofMembership.get(0));
    }
    addNames(connection, watched, ofMembership);
    ofMembership.add(name);
    return new State(
        readValue(connection, FINGERPRINT, ofFingerprint),
        readValue(connection, MEMBERSHIP.formatted(schemas ? SCHEMAS : ""), ofMembership));
  }

  /** Adds the schemas of some tables, and their names. */
  private static void addNames(
      Connection connection, List<TableName> tables, List<Object> parameters) throws SQLException {
    parameters.add(
        connection.createArrayOf("text", tables.stream().map(TableName::schema).toArray()));
    parameters.add(
        connection.createArrayOf("text", tables.stream().map(TableName::table).toArray()));
  }

  private static String readValue(Connection connection, String sql, List<Object> parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      int index = 1;
      for (Object parameter : parameters) {
        statement.setObject(index++, parameter);
      }
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? String.valueOf(row.getString(1)) : "";
      }
    }
  }

  /**
   * Whether a table may have been out of the publication between two memberships. A watched table
   * that only one of them has was added to the configuration, or removed from it.
   */
  public static boolean isInterrupted(String before, String now) {
    Map<String, String> watchedBefore = new HashMap<>();
    Map<String, String> watchedNow = new HashMap<>();
    boolean same = withoutWatched(before, watchedBefore).equals(withoutWatched(now, watchedNow));
    return !same
        || watchedBefore.entrySet().stream()
            .anyMatch(
                entry ->
                    !entry
                        .getValue()
                        .equals(watchedNow.getOrDefault(entry.getKey(), entry.getValue())));
  }

  private static List<String> withoutWatched(String membership, Map<String, String> watched) {
    List<String> others = new ArrayList<>();
    for (String part : membership.split(" ", -1)) {
      if (part.startsWith("+")) {
        String[] relation = part.split("=", 2);
        watched.put(relation[0], relation[relation.length - 1]);
      } else {
        others.add(part);
      }
    }
    return others;
  }

  /** The tables that the publication has to contain. */
  public List<TableName> published() {
    return tables.all();
  }
}
