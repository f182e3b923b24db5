package io.orderflow.source.catalog;

import io.orderflow.common.database.TableName;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.TableKind;
import io.orderflow.source.schema.TableKinds;
import io.orderflow.source.schema.UnusableTablesException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table, and its relations to other tables by partitioning, inheritance and logical replication
 * (PostgreSQL manual, 5.11, 5.12 and 29).
 *
 * @param oid of the table in {@code pg_class}
 * @param partitioned whether the rows are in partitions
 * @param hasParent whether the table is a partition or an inheritance child: then statements that
 *     name the parent change its rows as well
 * @param subscribed whether a subscription applies the changes of another server's table
 * @param heirs the tables that inherit from this one without being partitions, quoted for SQL
 */
public record TableFamily(
    long oid, boolean partitioned, boolean hasParent, boolean subscribed, List<String> heirs) {

  private static final String READ =
      """
      SELECT c.oid, c.relkind = 'p',
             EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = c.oid),
             EXISTS (SELECT FROM pg_catalog.pg_subscription_rel WHERE srrelid = c.oid),
             ARRAY(SELECT quote_ident(n.nspname) || '.' || quote_ident(h.relname)
                   FROM pg_catalog.pg_inherits i
                   JOIN pg_catalog.pg_class h ON h.oid = i.inhrelid
                   JOIN pg_catalog.pg_namespace n ON n.oid = h.relnamespace
                   WHERE i.inhparent = c.oid AND c.relkind <> 'p' ORDER BY 1)
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace
      WHERE s.nspname = ? AND c.relname = ? AND c.relkind IN ('r', 'p')
      """;

  public TableFamily {
    heirs = List.copyOf(heirs);
  }

  /** Reads it; empty if the database has no such table. */
  public static Optional<TableFamily> readFamily(Connection connection, TableName table)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(READ)) {
      statement.setString(1, table.schema());
      statement.setString(2, table.table());
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? Optional.of(
                new TableFamily(
                    row.getLong(1),
                    row.getBoolean(2),
                    row.getBoolean(3),
                    row.getBoolean(4),
                    Arrays.stream((Object[]) row.getArray(5).getArray())
                        .map(String::valueOf)
                        .toList()))
            : Optional.empty();
      }
    }
  }

  /** How changes reach the rows of the table. */
  public TableKind kind() {
    if (partitioned) {
      return TableKind.PARTITIONED;
    }
    if (hasParent) {
      return TableKind.CHILD;
    }
    return subscribed ? TableKind.SUBSCRIBED : TableKind.PLAIN;
  }

  /** The kinds of the captured tables; a table that does not exist is a plain one. */
  public static TableKinds readKinds(Connection connection, CapturedTables tables)
      throws SQLException {
    TableName items = tables.items();
    Map<TableName, TableKind> watched = new HashMap<>();
    for (TableName table : tables.watchedTables()) {
      watched.put(table, readKind(connection, table));
    }
    return new TableKinds(
        readKind(connection, tables.orders()),
        items == null ? TableKind.PLAIN : readKind(connection, items),
        watched);
  }

  private static TableKind readKind(Connection connection, TableName table) throws SQLException {
    return readFamily(connection, table).map(TableFamily::kind).orElse(TableKind.PLAIN);
  }

  /**
   * Refuses a table from which others inherit. Queries of the table return their rows, but no
   * trigger and no publication of the table sees their changes.
   *
   * @param key the setting that names the table
   */
  void requireNoHeirs(String key, TableName table) {
    if (!heirs.isEmpty()) {
      throw new UnusableTablesException(
          key,
          "%s inherit from %s, so queries of it return their rows, but no capture of it sees their changes; end the inheritance, after which queries of %s no longer return these rows, and capture each table with a connector of its own:\n%s"
              .formatted(
                  heirs,
                  table,
                  table,
                  String.join(
                      "\n",
                      heirs.stream()
                          .map(
                              heir ->
                                  "ALTER TABLE %s NO INHERIT %s;".formatted(heir, table.quoted()))
                          .toList())));
    }
  }
}
