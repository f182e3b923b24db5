package io.orderflow.sink.update;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A version of a document of the warehouse that changes stock without an order: an adjustment, a
 * count, a hold or a transfer. It has versions and effects as an order has.
 *
 * @param orderId the ID of the document: it is stored among the orders, under their name for an ID,
 *     and no order has the same
 * @param note the reason that the record gives; null if it gives none
 * @param countedAt the time as of which the quantities of a COUNT were on hand; null for others
 * @param effects without {@link Effect#NONE}; the caller does not change the map afterwards. Those
 *     of a COUNT have the counted quantities on hand, which may be 0
 */
public record StockDocument(
    Object orderId,
    long version,
    DocumentIntent intent,
    @Nullable String note,
    @Nullable Instant countedAt,
    SortedMap<StockItem, Effect> effects)
    implements EffectsUpdate {

  public StockDocument {
    effects = Collections.unmodifiableSortedMap(effects);
  }

  /** A document that is no count. */
  public StockDocument(
      Object orderId,
      long version,
      DocumentIntent intent,
      @Nullable String note,
      SortedMap<StockItem, Effect> effects) {
    this(orderId, version, intent, note, null, effects);
  }
}
