package io.orderflow.source.log.change;

import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.TableSchema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares the items of one order by the configured columns or their primary key, text by its
 * characters and not by a collation. So events resolved from the log list items in the same order
 * as events from a look-up or a chunk.
 */
public final class ItemOrder implements Comparator<List<@Nullable Object>> {

  private final int[] columns;

  /** Finds the columns of a schema that sort items. */
  public ItemOrder(OrderSchema schema) {
    TableSchema items = schema.items();
    columns =
        items == null
            ? new int[0]
            : schema.itemOrder().stream()
                .flatMapToInt(name -> items.indexOf(name).stream())
                .toArray();
  }

  /** A sorted copy. */
  public List<List<@Nullable Object>> sorted(List<List<@Nullable Object>> items) {
    List<List<@Nullable Object>> sorted = new ArrayList<>(items);
    sorted.sort(this);
    return sorted;
  }

  @Override
  public int compare(List<@Nullable Object> one, List<@Nullable Object> other) {
    for (int column : columns) {
      int compared = compareValues(one.get(column), other.get(column));
      if (compared != 0) {
        return compared;
      }
    }
    return 0;
  }

  @SuppressWarnings("unchecked") // Values of one column are of one class.
  private static int compareValues(@Nullable Object one, @Nullable Object other) {
    if (one == null || other == null) {
      // PostgreSQL sorts nulls last.
      return Boolean.compare(one == null, other == null);
    }
    return one instanceof Comparable<?> && one.getClass() == other.getClass()
        ? ((Comparable<Object>) one).compareTo(other)
        : 0;
  }
}
