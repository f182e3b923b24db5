package io.orderflow.sink.record;

import org.jspecify.annotations.Nullable;

/**
 * How items are read that are not as simple as one SKU and one whole quantity.
 *
 * @param defaultQuantity of an item without a quantity; null if it makes the record bad
 * @param skipsWithoutSku whether an item without an SKU is left out
 * @param skipsWithoutQuantity whether an item with a quantity of 0 or less is left out
 */
public record ItemRules(
    @Nullable Long defaultQuantity, boolean skipsWithoutSku, boolean skipsWithoutQuantity) {

  /** Every item has an SKU and a whole quantity. */
  public static final ItemRules STRICT = new ItemRules(null, false, false);

  /** Why an item is left out. */
  public enum Skipped {
    NO_SKU,
    NO_QUANTITY
  }
}
