package io.orderflow.source.schema;

import io.orderflow.common.database.OrderIdType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Both tables as they are read now, and the roles of their columns.
 *
 * @param items null where an order is one row
 * @param ordersId name of the order ID's column
 * @param version name of the version's column; null where the transaction ID is the version
 * @param changeXid name of the column that keeps the transaction ID, where there is one
 * @param itemsReferToOrders whether a foreign key sees to it that no item is older than its order
 * @param itemOrder names of the columns that order the items of one order; may be empty
 */
public record OrderSchema(
    TableSchema orders,
    @Nullable TableSchema items,
    String ordersId,
    OrderIdType idType,
    @Nullable String version,
    String changeXid,
    boolean itemsReferToOrders,
    List<String> itemOrder) {

  /** The same in all tasks, and greater after each change of a column. */
  public int generation() {
    return items == null ? orders.generation() : Math.max(orders.generation(), items.generation());
  }

  /** The order ID's column. */
  public Column idColumn() {
    return orders.columns().get(orders.indexOf(ordersId).orElseThrow());
  }
}
