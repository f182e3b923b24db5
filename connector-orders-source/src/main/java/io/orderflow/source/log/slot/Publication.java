package io.orderflow.source.log.slot;

import io.orderflow.common.database.Identifiers;
import io.orderflow.common.database.TableName;
import io.orderflow.source.event.ShopTables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The publication of the shop's tables.
 *
 * @param name as the catalogue has it
 */
public record Publication(String name, ShopTables tables) {

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

  /**
   * A text that changes whenever the publication, what it has of the tables, or a replica identity
   * does; empty where there is neither publication nor table. Cheap: a look at the catalogue.
   */
  public String form(Connection connection) throws SQLException {
    TableName orders = tables.orders();
    TableName given = tables.items();
    TableName items = given == null ? orders : given;
    try (PreparedStatement statement = connection.prepareStatement(FORM)) {
      int at = 1;
      for (String value :
          List.of(
              name,
              name,
              orders.schema(),
              orders.table(),
              items.schema(),
              items.table(),
              orders.schema(),
              orders.table(),
              items.schema(),
              items.table())) {
        statement.setString(at++, value);
      }
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return String.valueOf(row.getString(1));
      }
    }
  }

  /** The tables that it has to have. */
  public List<TableName> published() {
    return Stream.of(tables.orders(), tables.items()).flatMap(Stream::ofNullable).toList();
  }
}
