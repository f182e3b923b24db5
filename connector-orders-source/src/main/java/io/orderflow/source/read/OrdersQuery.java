package io.orderflow.source.read;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A statement that selects orders, for {@link OrderSnapshotReader}. Its rows may begin with columns
 * of the query, the header; the columns of the orders table follow.
 *
 * @param <H> the type of the values that are read from the header
 */
public interface OrdersQuery<H> {

  /** The statement. */
  String sql();

  /** Sets the statement's parameters. */
  void bind(Connection connection, PreparedStatement statement) throws SQLException;

  /** The number of columns before the table's. */
  int headerColumns();

  /**
   * Reads the header of a row.
   *
   * @param orderId as text
   */
  H header(ResultSet row, String orderId) throws SQLException;

  /** Whether the row with a header stands for an order that is to be read. */
  default boolean hasOrder(H header) {
    return true;
  }

  /** Whether the order that a row stands for counts as deleted. */
  default boolean isDeleted(H header) {
    return false;
  }

  /** Called when all orders are read, before their items. */
  default void ordersRead() {}

  /** Called when all items are read. */
  default void itemsRead() {}

  /** Where the items of orders are gathered, by {@link io.orderflow.source.event.OrderKey}. */
  default Map<Object, List<List<@Nullable Object>>> items() {
    return new HashMap<>();
  }

  /** The IDs of orders whose items are read even if they are not found. */
  default Collection<?> alsoItemsOf() {
    return List.of();
  }

  /** The range of order IDs whose items are read; null to read them by the orders' IDs. */
  default @Nullable KeyRange itemRange() {
    return null;
  }

  /** Whether {@link #itemRead} is called with the transactions that wrote the items. */
  default boolean tracksItemWriters() {
    return false;
  }

  /**
   * Called for each item.
   *
   * @param orderKey see {@link io.orderflow.source.event.OrderKey}
   * @param xid lower 32 bits of the transaction that wrote it
   */
  default void itemRead(Object orderKey, long xid) {}
}
