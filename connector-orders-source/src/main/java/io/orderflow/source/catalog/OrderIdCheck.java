package io.orderflow.source.catalog;

import io.orderflow.common.database.Identifiers;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.database.TableName;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.Column;
import io.orderflow.source.schema.OrderIdColumns;
import io.orderflow.source.schema.TableSchema;
import io.orderflow.source.schema.UnusableTablesException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks that an order ID has one text in both tables: capture and consumers compare IDs by their
 * characters, as PostgreSQL does for most types and collations.
 */
record OrderIdCheck(
    CapturedTables tables,
    OrderIdColumns ids,
    TableSchema ordersSchema,
    @Nullable TableSchema itemsSchema) {

  private static final String COLUMN =
      """
      SELECT format_type(a.atttypid, a.atttypmod), coalesce(c.collisdeterministic, true),
             quote_ident(n.nspname) || '.' || quote_ident(c.collname),
             a.attinhcount = 0 AND NOT EXISTS (
               SELECT FROM pg_catalog.pg_partition_tree(a.attrelid) AS tree
               JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = tree.relid
               JOIN pg_catalog.pg_attribute k ON k.attrelid = p.partrelid AND k.attname = a.attname
               WHERE k.attnum = ANY (p.partattrs::int2[]) OR p.partexprs IS NOT NULL)
      FROM pg_catalog.pg_attribute a
      LEFT JOIN pg_catalog.pg_collation c ON c.oid = a.attcollation
      LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace
      WHERE a.attrelid = ?::regclass AND a.attname = ?
      """;

  /**
   * A column.
   *
   * @param typeName as in {@link Column}
   * @param sqlType the type as SQL
   * @param collation its collation, if that is nondeterministic
   * @param canChange whether PostgreSQL can change the type: not of a partition alone, nor of a
   *     column by which a table is partitioned
   */
  private record IdColumn(
      TableName table,
      String name,
      String typeName,
      String sqlType,
      Optional<String> collation,
      boolean canChange) {

    private String quoted() {
      return Identifiers.quote(name);
    }

    private String changed(String type) {
      return "ALTER TABLE %s ALTER COLUMN %s TYPE %s;".formatted(table.quoted(), quoted(), type);
    }

    /** The advice to name another column, or to change this one if that is possible. */
    private String another(String change, String sql) {
      return canChange && !sql.isEmpty()
          ? "Name another column, %s:\n%s".formatted(change, sql)
          : "Name another column; PostgreSQL cannot change this one: it, or one that refers to it, is inherited or part of a partition key";
    }
  }

  void check(Connection connection) throws SQLException {
    TableName items = tables.items();
    for (int i = 0; i < ids.count(); i++) {
      IdColumn ordered = read(connection, tables.orders(), ordersSchema, ids.names().get(i));
      requireDeterministic(connection, TableSettings.ORDERS_ID, ordered);
      if (items != null && itemsSchema != null) {
        IdColumn item = read(connection, items, itemsSchema, tables.itemsOrderId().get(i));
        requireSameText(TableSettings.ITEMS_ORDER_ID, item, ordered);
        requireDeterministic(connection, TableSettings.ITEMS_ORDER_ID, item);
      }
    }
  }

  /**
   * Checks the columns of another table that contain the order ID.
   *
   * @param key the setting that names them
   */
  void check(
      Connection connection, String key, TableName table, TableSchema schema, List<String> columns)
      throws SQLException {
    for (int i = 0; i < ids.count(); i++) {
      IdColumn ordered = read(connection, tables.orders(), ordersSchema, ids.names().get(i));
      IdColumn other = read(connection, table, schema, columns.get(i));
      requireSameText(key, other, ordered);
      requireDeterministic(connection, key, other);
    }
  }

  private static IdColumn read(
      Connection connection, TableName table, TableSchema schema, String name) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(COLUMN)) {
      statement.setString(1, table.quoted());
      statement.setString(2, name);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return new IdColumn(
            table,
            name,
            schema.columns().get(schema.indexOf(name).orElseThrow()).typeName(),
            row.getString(1),
            row.getBoolean(2) ? Optional.empty() : Optional.of(row.getString(3)),
            row.getBoolean(4));
      }
    }
  }

  private static void requireSameText(String key, IdColumn item, IdColumn ordered) {
    Optional<OrderIdType> type = OrderIdType.ofTypeName(item.typeName()).map(OrderIdCheck::family);
    if (type.equals(OrderIdType.ofTypeName(ordered.typeName()).map(OrderIdCheck::family))) {
      return;
    }
    throw new UnusableTablesException(
        key,
        "the column %s of %s has the type %s, whose values have other texts than those of %s in %s, which has the type %s. %s"
            .formatted(
                item.name(),
                item.table(),
                item.sqlType(),
                ordered.name(),
                ordered.table(),
                ordered.sqlType(),
                item.another(
                    "or change its type",
                    item.changed(
                        "%s USING %s::%s"
                            .formatted(ordered.sqlType(), item.quoted(), ordered.sqlType())))));
  }

  /** Integers of any size have the same text. */
  private static OrderIdType family(OrderIdType type) {
    return type == OrderIdType.INTEGER ? OrderIdType.BIGINT : type;
  }

  private static String change(Connection connection, IdColumn column, IdTypeChange change)
      throws SQLException {
    return change
        .script(connection, column.table(), column.name())
        .orElseGet(() -> change.statement(column.table(), column.name(), column.sqlType()));
  }

  /** What to do about a column of the orders table, of a type that no order ID can have. */
  static String adviceOnType(
      Connection connection, TableName orders, TableSchema schema, String name)
      throws SQLException {
    IdColumn column = read(connection, orders, schema, name);
    Optional<IdTypeChange> change = IdTypeChange.of(column.sqlType());
    return change.isEmpty()
        ? "Name another column"
        : column.another(
            "or, if no statement relies on the type, change it",
            change(connection, column, change.get()));
  }

  private static void requireDeterministic(Connection connection, String key, IdColumn column)
      throws SQLException {
    if (column.collation().isPresent()) {
      String sql = change(connection, column, IdTypeChange.COLLATION);
      throw new UnusableTablesException(
          key,
          "the column %s of %s has the nondeterministic collation %s, by which different texts are the same ID, but consumers compare IDs by their characters. %s"
              .formatted(
                  column.name(),
                  column.table(),
                  column.collation().get(),
                  column.another("or, if no statement relies on the collation, change it", sql)));
    }
  }
}
