package io.orderflow.source.sql;

import io.orderflow.source.schema.OrderIdColumns;
import java.util.List;
import java.util.stream.IntStream;

/** The columns of the table with the IDs of deleted orders. */
public final class DeletesTable {

  public static final String VERSION = "version";
  public static final String CHANGE_XID = "change_xid";

  private static final String ORDER_ID = "order_id";

  private DeletesTable() {}

  /**
   * The columns with the order ID: {@code order_id}, or {@code order_id_1}, {@code order_id_2} and
   * so on for the columns of a composite ID, whose own names could be those of the other columns.
   *
   * @param ids the columns of the orders table
   */
  public static OrderIdColumns ids(OrderIdColumns ids) {
    return ids.named(
        ids.isComposite()
            ? IntStream.rangeClosed(1, ids.count()).mapToObj(part -> ORDER_ID + "_" + part).toList()
            : List.of(ORDER_ID));
  }
}
