package io.orderflow.sink.plan;

import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.EffectsUpdate;
import io.orderflow.sink.update.Keep;
import io.orderflow.sink.update.StockDocument;
import io.orderflow.sink.update.StockItem;
import io.orderflow.sink.update.StockUpdate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The stock rows that a plan depends on, as far as they exist.
 *
 * @param items single rows
 * @param skus SKUs whose rows at all of the candidate locations are needed
 * @param times whether it is needed when goods were moved
 */
public record StockNeeds(Set<StockItem> items, Set<String> skus, boolean times) {

  /**
   * The needs of a batch.
   *
   * @param stored by order, the stored outcomes
   */
  public static StockNeeds of(
      LocationRules rules, List<StockUpdate> updates, Map<Object, Outcome> stored) {
    StockNeeds needs =
        new StockNeeds(
            new HashSet<>(), new HashSet<>(), updates.stream().anyMatch(StockNeeds::isCount));
    for (StockUpdate update : updates) {
      EffectsUpdate deciding =
          update instanceof Keep keep ? keep.earlier() : (EffectsUpdate) update;
      if (deciding != null) {
        if (deciding instanceof StockDocument document) {
          document.effects().keySet().stream()
              .map(line -> Documents.located(line, rules))
              .forEach(needs.items::add);
        } else {
          deciding.effects().forEach((line, effect) -> needs.add(line, effect, rules));
        }
        Outcome known = stored.get(update.orderId());
        if (known != null) {
          needs.items.addAll(known.effects().keySet());
        }
      }
    }
    return needs;
  }

  /**
   * The needs of a release of what orders have: the rows of their effects, and no other.
   *
   * @param orders stored outcomes
   */
  public static StockNeeds of(List<Outcome> orders) {
    Set<StockItem> items = new HashSet<>();
    orders.forEach(order -> items.addAll(order.effects().keySet()));
    return new StockNeeds(items, Set.of(), false);
  }

  private static boolean isCount(StockUpdate update) {
    return (update instanceof Keep keep ? keep.earlier() : update) instanceof StockDocument document
        && document.countedAt() != null;
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
