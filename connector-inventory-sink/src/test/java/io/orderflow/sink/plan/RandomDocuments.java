package io.orderflow.sink.plan;

import io.orderflow.sink.update.DocumentIntent;
import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.StockDocument;
import io.orderflow.sink.update.StockItem;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Random adjustments, counts, holds and transfers. */
final class RandomDocuments {

  private static final List<DocumentIntent> INTENTS = List.of(DocumentIntent.values());

  private RandomDocuments() {}

  /**
   * A document of up to three lines.
   *
   * @param locations that the lines name, of which transfers need two; the empty one names none
   * @param max of a quantity
   * @param now when the document comes: counts are of that time, or of an earlier one; null if
   *     nothing is counted
   */
  static StockDocument next(
      Object id,
      long version,
      Random random,
      int skus,
      List<String> locations,
      int max,
      @Nullable Instant now) {
    DocumentIntent intent = INTENTS.get(random.nextInt(INTENTS.size()));
    if (intent == DocumentIntent.COUNT && now == null) {
      intent = DocumentIntent.ADJUST;
    }
    TreeMap<StockItem, Effect> effects = new TreeMap<>();
    for (int line = random.nextInt(3); line >= 0; line--) {
      String sku = "sku-" + random.nextInt(skus);
      int from = random.nextInt(locations.size());
      int to = (from + 1 + random.nextInt(locations.size() - 1)) % locations.size();
      long quantity = (intent == DocumentIntent.COUNT ? 0L : 1L) + random.nextInt(max);
      if (intent == DocumentIntent.ADJUST && random.nextInt(3) > 0) {
        quantity = -quantity;
      }
      effects.merge(new StockItem(sku, locations.get(from)), intent.effect(quantity), Effect::plus);
      if (intent.isTransfer()) {
        effects.merge(
            new StockItem(sku, locations.get(to)),
            intent.effectAtDestination(quantity),
            Effect::plus);
      }
    }
    String note = "reason " + random.nextInt(3);
    if (intent == DocumentIntent.COUNT && now != null) {
      return new StockDocument(
          id, version, intent, note, now.minusSeconds(random.nextInt(20)), effects);
    }
    effects.values().removeIf(Effect::isNone);
    return new StockDocument(id, version, intent, note, effects);
  }
}
