package io.orderflow.sink.record;

import io.orderflow.sink.update.Intent;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads what an order wants, by SKU. There may be no items, for an order can be empty; but the
 * field has to be there, unless the intent is one without effect.
 *
 * @param items the field with the array; the others stand in its elements
 */
record ItemsReader(FieldPath items, FieldPath sku, FieldPath quantity) {

  /**
   * Of one record. An order's row holds its items, and a row of PostgreSQL no more than a gigabyte;
   * this many SKUs of {@link TextFields#LONGEST} bytes are a quarter of that.
   */
  private static final int MOST_ITEMS = 100_000;

  SortedMap<String, Long> read(Row value, Intent intent) {
    if (!intent.movesStock() && value.find(items) == null) {
      return Collections.emptySortedMap();
    }
    List<?> elements = value.items(items);
    if (elements.size() > MOST_ITEMS) {
      throw value.bad(
          items,
          new FieldError("at most " + MOST_ITEMS + " items", "more", "Make several orders of it."));
    }
    TreeMap<String, Long> quantities = new TreeMap<>();
    for (int i = 0; i < elements.size(); i++) {
      Row item = value.item(items, i, elements.get(i));
      String itemSku = item.identifier(sku, "an SKU");
      long wanted = item.quantity(quantity);
      Long known = quantities.put(itemSku, wanted);
      if (known != null) {
        quantities.put(itemSku, sum(known, wanted, item));
      }
    }
    return quantities;
  }

  private long sum(long known, long wanted, Row item) {
    long sum = known + wanted;
    if (sum < 0) {
      throw item.bad(
          quantity,
          new FieldError(
              "quantities of one SKU that add up to at most 2^63 - 1",
              "more",
              "Correct the quantities."));
    }
    return sum;
  }
}
