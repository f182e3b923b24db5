package io.orderflow.source.schema;

import io.orderflow.common.database.OrderIdType;
import java.util.List;

/**
 * The columns of one table that contain the order ID: usually one, several if only together they
 * identify an order. Their order is that of the parts of the ID, which is the same for all tables.
 *
 * @param names names of the columns
 * @param types the type of each part of the ID, as the orders table has it
 */
public record OrderIdColumns(List<String> names, List<OrderIdType> types) {

  public OrderIdColumns {
    names = List.copyOf(names);
    types = List.copyOf(types);
    if (names.isEmpty() || names.size() != types.size()) {
      throw new IllegalArgumentException(
          "%d columns have %d types; an order ID has one type for each of its columns"
              .formatted(names.size(), types.size()));
    }
  }

  /** An order ID of one column. */
  public static OrderIdColumns of(String name, OrderIdType type) {
    return new OrderIdColumns(List.of(name), List.of(type));
  }

  /** The columns of another table that contain the same order ID, one for each part. */
  public OrderIdColumns named(List<String> others) {
    return new OrderIdColumns(others, types);
  }

  /** The number of columns. */
  public int count() {
    return names.size();
  }

  /** Whether the ID consists of several columns. */
  public boolean isComposite() {
    return names.size() > 1;
  }
}
