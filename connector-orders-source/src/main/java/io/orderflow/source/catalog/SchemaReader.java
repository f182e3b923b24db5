package io.orderflow.source.catalog;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.database.TableName;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.Column;
import io.orderflow.source.schema.ColumnRules;
import io.orderflow.source.schema.DecimalHandling;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.TableSchema;
import io.orderflow.source.schema.UnusableTablesException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Reads from the catalogue what the tables look like now. */
public final class SchemaReader {

  private static final String ORDERS = "orders.table";

  private static final String TABLE =
      """
      SELECT c.oid, c.relkind = 'p' FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ? AND c.relname = ? AND c.relkind IN ('r', 'p')
      """;

  private static final String COLUMNS =
      """
      SELECT attname, atttypid, atttypmod,
             -- Since PostgreSQL 18 a NOT NULL may be there without having been checked.
             attnotnull AND NOT EXISTS (
               SELECT FROM pg_catalog.pg_constraint
               WHERE conrelid = attrelid AND contype = 'n' AND NOT convalidated AND attnum = ANY (conkey)),
             attisdropped,
             -- Whatever changes a column writes its row anew.
             xmin::text::bigint
      FROM pg_catalog.pg_attribute WHERE attrelid = ? AND attnum > 0 ORDER BY attnum
      """;

  private static final String PRIMARY_KEY =
      """
      SELECT a.attname
      FROM pg_catalog.pg_index i
      CROSS JOIN LATERAL unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (attnum, place)
      JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
      WHERE i.indrelid = ? AND i.indisprimary AND k.place <= i.indnkeyatts
      ORDER BY k.place
      """;

  private static final String FOREIGN_KEY =
      """
      SELECT FROM pg_catalog.pg_constraint c
      JOIN pg_catalog.pg_attribute i ON i.attrelid = c.conrelid AND i.attnum = c.conkey[1]
      JOIN pg_catalog.pg_attribute o ON o.attrelid = c.confrelid AND o.attnum = c.confkey[1]
      WHERE c.contype = 'f' AND c.convalidated AND cardinality(c.conkey) = 1
        AND c.conrelid = ? AND c.confrelid = ? AND i.attname = ? AND o.attname = ?
      """;

  private final CapturedTables tables;
  private final DecimalHandling decimals;

  public SchemaReader(CapturedTables tables, DecimalHandling decimals) {
    this.tables = tables;
    this.decimals = decimals;
  }

  /**
   * Reads the tables' columns and finds the roles of them.
   *
   * @throws UnusableTablesException when a table or column that the configuration names is not
   *     there, or cannot have its role
   */
  public OrderSchema load(Connection connection) throws SQLException {
    long orders = find(connection, ORDERS, tables.orders());
    TableName itemsTable = tables.items();
    Long items = itemsTable == null ? null : (Long) find(connection, "items.table", itemsTable);
    ColumnTypes types =
        ColumnTypes.of(
            connection, items == null ? List.of(orders) : List.of(orders, items), decimals);
    TableSchema ordersLayout = columns(connection, orders, types);
    TableSchema itemsLayout = items == null ? null : columns(connection, items, types);
    ColumnRoles roles = new ColumnRoles(tables, ordersLayout, itemsLayout);
    String ordersId = roles.ordersId(primaryKey(connection, orders));
    OrderIdType idType = roles.idType(ordersId);
    roles.check(ordersId, idType);
    List<String> itemOrder =
        items == null ? List.of() : roles.itemOrder(primaryKey(connection, items));
    new ColumnRuleCheck(tables, ordersLayout, itemsLayout, ordersId, itemOrder).check();
    ColumnRules rules = tables.columns();
    return new OrderSchema(
        ordersLayout.without(rules.orders().excluded()),
        itemsLayout == null ? null : itemsLayout.without(rules.items().excluded()),
        ordersId,
        idType,
        tables.version(),
        tables.changeXid(),
        items != null && refers(connection, items, tables.itemsOrderId(), orders, ordersId),
        itemOrder);
  }

  private long find(Connection connection, String key, TableName table) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(TABLE)) {
      statement.setString(1, table.schema());
      statement.setString(2, table.table());
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          throw new UnusableTablesException(
              key, "expected a table named " + table.quoted() + " in this database, found none");
        }
        if (row.getBoolean(2) && key.equals(ORDERS) && tables.stamped()) {
          throw new UnusableTablesException(
              key,
              "expected a plain table, found that %s is partitioned, and PostgreSQL cannot build the index of the capture on it concurrently"
                  .formatted(table.quoted()));
        }
        return row.getLong(1);
      }
    }
  }

  private static TableSchema columns(Connection connection, long table, ColumnTypes types)
      throws SQLException {
    List<Column> columns = new ArrayList<>();
    int generation = 0;
    try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
      statement.setLong(1, table);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          generation = Math.max(generation, (int) (row.getLong(6) & Integer.MAX_VALUE));
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
    return new TableSchema(columns, generation);
  }

  private static boolean refers(
      Connection connection, long items, String itemsOrderId, long orders, String ordersId)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(FOREIGN_KEY)) {
      statement.setLong(1, items);
      statement.setLong(2, orders);
      statement.setString(3, itemsOrderId);
      statement.setString(4, ordersId);
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
