package io.orderflow.sink.update;

import org.jspecify.annotations.Nullable;

/**
 * A new version that leaves the order's effects as they are, such as that of an order that is being
 * edited.
 *
 * @param earlier the update of the same batch that decides the effects; null if the stored ones are
 *     kept
 */
public record Keep(Object orderId, long version, @Nullable EffectsUpdate earlier)
    implements StockUpdate {

  public Keep(Object orderId, long version) {
    this(orderId, version, null);
  }

  /** This version after an older one of the order in the same batch. */
  Keep after(StockUpdate older) {
    return new Keep(
        orderId, version, older instanceof Keep kept ? kept.earlier() : (EffectsUpdate) older);
  }
}
