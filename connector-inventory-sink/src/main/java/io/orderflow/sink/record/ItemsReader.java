package io.orderflow.sink.record;

import io.orderflow.sink.update.Intent;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads the quantities of an order, by SKU. The array may be empty, but the field must exist. For
 * an intent without an effect on stock nothing is read: lines of a cancelled order often have
 * neither a quantity nor an SKU any more, and it must release its stock all the same.
 *
 * @param items the field with the array; the other fields are in its elements
 */
record ItemsReader(FieldPath items, FieldPath sku, FieldPath quantity) {

  /**
   * In one record. An order's row contains its items, and a row of PostgreSQL has at most 1 GB;
   * this many SKUs of {@link TextFields#MAX_BYTES} bytes are a quarter of that.
   */
  private static final int MAX_ITEMS = 100_000;

  SortedMap<String, Long> read(Row value, Intent intent) {
    if (!intent.movesStock()) {
      return Collections.emptySortedMap();
    }
    List<?> elements = value.items(items);
    if (elements.size() > MAX_ITEMS) {
      throw value.bad(
          items, new FieldError("at most " + MAX_ITEMS + " items", "more", "Split the order."));
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
