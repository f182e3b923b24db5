package io.orderflow.sink.record;

import org.jspecify.annotations.Nullable;

/**
 * How items are read that are not as simple as one SKU and one whole quantity.
 *
 * @param scale decimals of a quantity; stock counts in units of 10^-scale
 * @param defaultQuantity of an item without a quantity, in units of 10^-scale; null if it makes the
 *     record bad
 * @param skipsWithoutSku whether an item without an SKU is left out
 * @param skipsWithoutQuantity whether an item with a quantity of 0 or less is left out
 */
public record ItemRules(
    int scale,
    @Nullable Long defaultQuantity,
    boolean skipsWithoutSku,
    boolean skipsWithoutQuantity) {

  /** Every item has an SKU and a whole quantity. */
  public static final ItemRules STRICT = new ItemRules(0, null, false, false);

  /** Why an item is left out. */
  public enum Skipped {
    NO_SKU,
    NO_QUANTITY
  }
}
