package io.orderflow.source.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An order with its items, as one commit left it. Values are canonical texts by the number of their
 * column in the catalog, which a new name does not change.
 *
 * @param items in any order
 * @param skipped whether nothing is emitted of the order, since it is none of {@code orders.where}
 * @param watched a text of the rows of watched tables that have its ID
 * @param referenced the same of the rows from which a path leads to it
 */
record OrderState(
    Map<Integer, @Nullable String> values,
    List<Map<Integer, @Nullable String>> items,
    boolean skipped,
    String watched,
    String referenced) {

  /** The same order without the items that have a text in a column. */
  OrderState withoutItems(int column, String text) {
    List<Map<Integer, @Nullable String>> rest = new ArrayList<>(items);
    rest.removeIf(item -> text.equals(item.get(column)));
    return new OrderState(values, rest, skipped, watched, referenced);
  }

  /** Whether two states differ in nothing but columns that only one of them has. */
  boolean equalsInCommonColumns(OrderState other) {
    List<Map<Integer, @Nullable String>> rest = new ArrayList<>(other.items());
    for (Map<Integer, @Nullable String> item : items) {
      if (!removeEqual(rest, item)) {
        return false;
      }
    }
    return rest.isEmpty() && areEqualInCommonColumns(values, other.values());
  }

  private static boolean removeEqual(
      List<Map<Integer, @Nullable String>> items, Map<Integer, @Nullable String> item) {
    for (int i = 0; i < items.size(); i++) {
      if (areEqualInCommonColumns(items.get(i), item)) {
        items.remove(i);
        return true;
      }
    }
    return false;
  }

  private static boolean areEqualInCommonColumns(
      Map<Integer, @Nullable String> one, Map<Integer, @Nullable String> other) {
    for (Map.Entry<Integer, @Nullable String> column : one.entrySet()) {
      if (other.containsKey(column.getKey())
          && !Objects.equals(column.getValue(), other.get(column.getKey()))) {
        return false;
      }
    }
    return true;
  }

  /** Whether two states differ in nothing but the rows from which a path leads to the order. */
  boolean differsInReferencedAlone(OrderState other) {
    return equals(
        new OrderState(
            other.values(), other.items(), other.skipped(), other.watched(), referenced));
  }
}
