package io.orderflow.source.catalog;

import io.orderflow.common.database.TableName;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.Column;
import io.orderflow.source.schema.ColumnRules;
import io.orderflow.source.schema.DecimalHandling;
import io.orderflow.source.schema.OrderIdColumns;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.TableSchema;
import io.orderflow.source.schema.UnusableTablesException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the schema of the captured tables, or of the views read instead, from the catalog. */
public final class SchemaReader {

  private static final String COLUMNS =
      """
      SELECT attname, atttypid, atttypmod,
             -- Since PostgreSQL 18, a NOT NULL constraint may be NOT VALID.
             attnotnull AND NOT EXISTS (
               SELECT FROM pg_catalog.pg_constraint
               WHERE conrelid = attrelid AND contype = 'n' AND NOT convalidated AND attnum = ANY (conkey)),
             attisdropped,
             -- Any change of a column writes its row again.
             xmin::text::bigint
      FROM pg_catalog.pg_attribute WHERE attrelid = ? AND attnum > 0 ORDER BY attnum
      """;

  private static final String PRIMARY_KEY =
      """
      SELECT a.attname
      FROM pg_catalog.pg_index i
      CROSS JOIN LATERAL unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (attnum, position)
      JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
      WHERE i.indrelid = ? AND i.indisprimary AND k.position <= i.indnkeyatts
      ORDER BY k.position
      """;

  private static final String UNIQUE_INDEX =
      """
      SELECT FROM pg_catalog.pg_index i
      WHERE i.indrelid = ? AND i.indisunique AND i.indisvalid
        AND i.indpred IS NULL AND i.indexprs IS NULL
        AND NOT EXISTS (
          SELECT FROM unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (attnum, place)
          JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
          WHERE k.place <= i.indnkeyatts AND a.attname <> ALL (?::text[]))
      """;

  private final CapturedTables tables;
  private final DecimalHandling decimals;

  public SchemaReader(CapturedTables tables, DecimalHandling decimals) {
    this.tables = tables;
    this.decimals = decimals;
  }

  /**
   * Reads the columns of the tables, and finds those that have a role.
   *
   * @throws UnusableTablesException if a configured table or column does not exist, or cannot have
   *     its role
   */
  public OrderSchema load(Connection connection) throws SQLException {
    long orders = find(connection, TableSettings.ORDERS_TABLE, tables.orders());
    TableName itemsTable = tables.items();
    Long items =
        itemsTable == null ? null : (Long) find(connection, TableSettings.ITEMS_TABLE, itemsTable);
    ViewReader views = new ViewReader(connection, tables);
    Long ordersView = views.find(TableSettings.ORDERS_VIEW, tables.reading().ordersView());
    Long itemsView = views.find(TableSettings.ITEMS_VIEW, tables.reading().itemsView());
    ColumnTypes types =
        ColumnTypes.readTypes(
            connection,
            Stream.of(orders, items, ordersView, itemsView).filter(Objects::nonNull).toList(),
            decimals);
    TableSchema ordersSchema = columns(connection, orders, types);
    TableSchema itemsSchema = items == null ? null : columns(connection, items, types);
    ColumnRoles roles = new ColumnRoles(tables, ordersSchema, itemsSchema);
    OrderIdColumns ids =
        roles.ids(
            primaryKey(connection, orders),
            column -> OrderIdCheck.adviceOnType(connection, tables.orders(), ordersSchema, column));
    OrderIdCheck orderIds = new OrderIdCheck(tables, ids, ordersSchema, itemsSchema);
    // Before the installation is missed, whose script names these tables.
    new WatchedTablesCheck(tables, ids, orderIds, table -> readWatched(connection, table))
        .check(connection);
    roles.check(ids);
    orderIds.check(connection);
    List<String> itemOrder =
        items == null ? List.of() : roles.itemOrder(primaryKey(connection, items));
    TableSchema ordersRead =
        ordersView == null
            ? ordersSchema
            : views.ofOrders(ordersSchema, columns(connection, ordersView, types), ids);
    TableSchema itemsRead =
        itemsView == null || itemsSchema == null
            ? itemsSchema
            : views.ofItems(itemsSchema, columns(connection, itemsView, types), itemOrder);
    new ColumnRuleCheck(tables, ordersRead, itemsRead, ids.names(), itemOrder).check();
    ColumnRules rules = tables.columns();
    OrderSchema schema =
        new OrderSchema(
            ordersRead.without(rules.orders().excluded()),
            itemsRead == null ? null : itemsRead.without(rules.items().excluded()),
            ids,
            tables.version(),
            tables.changeXid(),
            itemOrder,
            hasUniqueIndex(connection, orders, ids));
    new EventNameCheck(tables, schema).check();
    return schema;
  }

  private TableSchema readWatched(Connection connection, TableName table) throws SQLException {
    long oid = find(connection, TableSettings.WATCH, table);
    return columns(connection, oid, ColumnTypes.readTypes(connection, List.of(oid), decimals));
  }

  private long find(Connection connection, String key, TableName table) throws SQLException {
    Optional<TableFamily> family = TableFamily.readFamily(connection, table);
    if (family.isEmpty()) {
      throw new UnusableTablesException(
          key,
          "this database has no table %s%s"
              .formatted(
                  table.quoted(), key.equals(TableSettings.WATCH) ? "" : candidates(connection)));
    }
    family.get().requireNoHeirs(key, table);
    return family.get().oid();
  }

  private String candidates(Connection connection) throws SQLException {
    List<String> settings = CandidateTables.readSettings(connection, tables.orders());
    return settings.isEmpty()
        ? "; name the tables of your orders and their items"
        : "; these look like orders and items, best first, with their settings\n"
            + String.join("\n", settings);
  }

  private static TableSchema columns(Connection connection, long table, ColumnTypes types)
      throws SQLException {
    List<Column> columns = new ArrayList<>();
    int schemaVersion = 0;
    try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
      statement.setLong(1, table);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          schemaVersion = Math.max(schemaVersion, (int) (row.getLong(6) & Integer.MAX_VALUE));
          if (row.getBoolean(5)) {
            continue;
          }
          long type = row.getLong(2);
          columns.add(
              new Column(
                  row.getString(1),
                  types.typeOf(type, row.getInt(3)),
                  types.nameOf(type),
                  !row.getBoolean(4)));
        }
      }
    }
    return new TableSchema(columns, schemaVersion);
  }

  private static boolean hasUniqueIndex(Connection connection, long orders, OrderIdColumns ids)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(UNIQUE_INDEX)) {
      statement.setLong(1, orders);
      statement.setArray(2, connection.createArrayOf("text", ids.names().toArray()));
      try (ResultSet row = statement.executeQuery()) {
        return row.next();
      }
    }
  }

  private static List<String> primaryKey(Connection connection, long table) throws SQLException {
    List<String> names = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(PRIMARY_KEY)) {
      statement.setLong(1, table);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          names.add(row.getString(1));
        }
      }
    }
    return names;
  }
}
