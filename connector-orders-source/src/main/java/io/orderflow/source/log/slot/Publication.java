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
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The publication of the shop's tables.
 *
 * @param name as the catalogue has it
 */
public record Publication(String name, CapturedTables tables) {

  static final String OPERATIONS = "publish = 'insert, update, delete, truncate'";
  static final String VIA_ROOT = "publish_via_partition_root = true";

  /** From here on the values of stored generated columns can be in the stream. */
  private static final int KNOWS_GENERATED = 180_000;

  private static final String EXISTS = "SELECT FROM pg_catalog.pg_publication WHERE pubname = ?";

  // Whole rows, so that it changes with whatever a later version can set.
  private static final String FORM =
      """
      SELECT concat_ws(';',
        (SELECT to_jsonb(p) FROM pg_catalog.pg_publication p WHERE pubname = ?),
        (SELECT jsonb_agg(to_jsonb(t) ORDER BY schemaname, tablename)
         FROM pg_catalog.pg_publication_tables t
         WHERE pubname = ? AND (schemaname, tablename) IN ((?, ?), (?, ?))),
        (SELECT string_agg(concat_ws(' ', c.oid, c.relreplident,
                  (SELECT i.indkey FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid
                   AND CASE c.relreplident WHEN 'd' THEN i.indisprimary ELSE i.indisreplident END)), ',' ORDER BY c.oid)
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE (nspname, relname) IN ((?, ?), (?, ?))))
      """;

  // The IDs and writers of catalogue rows: whatever is taken out and put back has others.
  private static final String MEMBERSHIP =
      """
      SELECT concat_ws(' ', p.oid || '.' || p.xmin,
        (SELECT string_agg(r.oid || '.' || r.xmin, ' ' ORDER BY r.oid)
         FROM pg_catalog.pg_publication_rel r
         JOIN pg_catalog.pg_class c ON c.oid = r.prrelid
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE r.prpubid = p.oid AND (nspname, relname) IN ((?, ?), (?, ?)))%s)
      FROM pg_catalog.pg_publication p WHERE pubname = ?
      """;

  /** Whole schemas can be published from PostgreSQL 15 on. */
  private static final String SCHEMAS =
      """
      ,
        (SELECT string_agg(s.oid || '.' || s.xmin, ' ' ORDER BY s.oid)
         FROM pg_catalog.pg_publication_namespace s
         JOIN pg_catalog.pg_namespace n ON n.oid = s.pnnspid
         WHERE s.pnpubid = p.oid AND nspname IN (?, ?))
      """;

  private static final int KNOWS_SCHEMAS = 15;

  /**
   * What a publication is at one moment.
   *
   * @param form changes whenever the publication, what it has of the tables, or a replica identity
   *     does
   * @param membership tells the tables' membership from any later one, also where that has the same
   *     form; empty where there is no publication
   */
  public record State(String form, String membership) {}

  /** Whether there is one of the name. */
  public boolean exists(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(EXISTS)) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        return row.next();
      }
    }
  }

  /**
   * Makes it; before the slot, since a slot knows only the publications of its own time. For a
   * connection that may write.
   */
  public void create(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(creation(connection.getMetaData().getDatabaseMajorVersion() * 10_000));
    }
  }

  /** The SQL that makes it. */
  public String creation(int serverVersion) {
    return "CREATE PUBLICATION %s FOR TABLE %s WITH (%s, %s%s);"
        .formatted(
            Identifiers.quote(name),
            published().stream().map(TableName::quoted).collect(Collectors.joining(", ")),
            OPERATIONS,
            VIA_ROOT,
            serverVersion >= KNOWS_GENERATED ? ", publish_generated_columns = stored" : "");
  }

  /** Cheap: a look at the catalogue. For a REPEATABLE READ transaction. */
  public State state(Connection connection) throws SQLException {
    List<String> names = names();
    List<String> ofForm = new ArrayList<>(List.of(name, name));
    ofForm.addAll(names);
    ofForm.addAll(names);
    List<String> ofMembership = new ArrayList<>(names);
    boolean schemas = connection.getMetaData().getDatabaseMajorVersion() >= KNOWS_SCHEMAS;
    if (schemas) {
      ofMembership.addAll(List.of(names.get(0), names.get(2)));
    }
    ofMembership.add(name);
    return new State(
        value(connection, FORM, ofForm),
        value(connection, MEMBERSHIP.formatted(schemas ? SCHEMAS : ""), ofMembership));
  }

  /** Schema and name of the one table, and of the other; the orders twice if they are alone. */
  private List<String> names() {
    TableName orders = tables.orders();
    TableName given = tables.items();
    TableName items = given == null ? orders : given;
    return List.of(orders.schema(), orders.table(), items.schema(), items.table());
  }

  private static String value(Connection connection, String sql, List<String> parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      int at = 1;
      for (String parameter : parameters) {
        statement.setString(at++, parameter);
      }
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? String.valueOf(row.getString(1)) : "";
      }
    }
  }

  /** The tables that it has to have. */
  public List<TableName> published() {
    return Stream.of(tables.orders(), tables.items()).flatMap(Stream::ofNullable).toList();
  }
}
