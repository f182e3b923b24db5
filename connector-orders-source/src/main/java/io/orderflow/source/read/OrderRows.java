package io.orderflow.source.read;

import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.TableSchema;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the rows of a table of which each belongs to an order. */
public final class OrderRows {

  private final RowReader rows;
  private final String what;
  private final int before;
  private final int idIndex;

  private OrderRows(TableSchema table, String idColumn, String what, int before) {
    this.rows = new RowReader(table, before);
    this.what = what;
    this.before = before;
    this.idIndex = table.indexOf(idColumn).orElseThrow();
  }

  /**
   * Rows of the orders table.
   *
   * @param before how many columns stand before the table's
   */
  public static OrderRows ofOrders(OrderSchema layout, int before) {
    return new OrderRows(layout.orders(), layout.ordersId(), "Order ", before);
  }

  /** Rows of the items table; empty where there is none. */
  public static Optional<OrderRows> ofItems(OrderSchema layout, CapturedTables tables, int before) {
    return Optional.ofNullable(layout.items())
        .map(items -> new OrderRows(items, tables.itemsOrderId(), "Item of order ", before));
  }

  /**
   * The row's values, in the columns' order.
   *
   * @throws UnreadableValueException which names the order and the column
   */
  public List<@Nullable Object> read(ResultSet row) throws SQLException {
    try {
      return rows.read(row);
    } catch (UnreadableValueException e) {
      throw new UnreadableValueException(
          what + row.getString(before + idIndex + 1) + ", column " + e.getMessage(), e.getCause());
    }
  }

  /** The order ID among a row's values; null only in an item that belongs to no order. */
  public @Nullable Object idOf(List<@Nullable Object> values) {
    return values.get(idIndex);
  }

  /** The order ID among a row's values, of a row that has one; a smallint's key is an integer. */
  public Object requireIdOf(List<@Nullable Object> values) {
    Object id = Objects.requireNonNull(idOf(values));
    return id instanceof Short small ? (Object) small.intValue() : id;
  }

  /** The order ID as text, of a row whose values are not read. */
  public String idText(ResultSet row) throws SQLException {
    return Objects.requireNonNull(row.getString(before + idIndex + 1));
  }
}
