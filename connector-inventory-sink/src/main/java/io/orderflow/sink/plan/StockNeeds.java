package io.orderflow.sink.plan;

import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.EffectsUpdate;
import io.orderflow.sink.update.Keep;
import io.orderflow.sink.update.StockItem;
import io.orderflow.sink.update.StockUpdate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The stock rows that the plan of a batch depends on, as far as they exist.
 *
 * @param items single rows
 * @param skus SKUs whose rows at all of the candidate locations are needed
 */
public record StockNeeds(Set<StockItem> items, Set<String> skus) {

  /**
   * The needs of a batch.
   *
   * @param stored by order, the stored outcomes
   */
  public static StockNeeds of(
      LocationRules rules, List<StockUpdate> updates, Map<Object, Outcome> stored) {
    StockNeeds needs = new StockNeeds(new HashSet<>(), new HashSet<>());
    for (StockUpdate update : updates) {
      EffectsUpdate deciding =
          update instanceof Keep keep ? keep.earlier() : (EffectsUpdate) update;
      if (deciding != null) {
        deciding.effects().forEach((line, effect) -> needs.add(line, effect, rules));
        Outcome known = stored.get(update.orderId());
        if (known != null) {
          needs.items.addAll(known.effects().keySet());
        }
      }
    }
    return needs;
  }

  private void add(StockItem line, Effect effect, LocationRules rules) {
    if (line.hasLocation() || !rules.areInUse()) {
      items.add(line);
      return;
    }
    if (effect.onHand() > 0) {
      items.add(new StockItem(line.sku(), rules.ofReceipts()));
    }
    List<String> candidates = rules.candidates();
    if (candidates.size() == 1) {
      items.add(new StockItem(line.sku(), candidates.get(0)));
    } else if (Change.needsStock(effect)) {
      skus.add(line.sku());
    }
  }
}
