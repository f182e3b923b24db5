package io.orderflow.quickstart.verdict;

import io.orderflow.quickstart.verdict.Verdict.Check;
import io.orderflow.quickstart.verdict.Verdict.Fault;
import io.orderflow.quickstart.verdict.WarehouseState.Effect;
import io.orderflow.quickstart.verdict.WarehouseState.Outcome;
import io.orderflow.quickstart.verdict.WarehouseState.Stock;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Computes the stock again in two ways: from the lines that the sink keeps, and from the topic's
 * latest versions. Only whether an order was rejected is taken from the sink.
 */
final class StockChecks {

  private static final SortedMap<String, Effect> NOTHING = new TreeMap<>();

  private final Evidence evidence;
  private final Map<String, Effect> byLines;
  private final Map<String, Effect> byTopic;

  private StockChecks(Evidence evidence) {
    this.evidence = evidence;
    this.byLines = sums(evidence.warehouse().lines().values());
    Map<Long, OrderState> topic = evidence.ordersTopic().newest();
    this.byTopic = sums(topic.keySet().stream().map(this::wanted).toList());
  }

  static List<Check> of(Evidence evidence) {
    return new StockChecks(evidence).all();
  }

  private List<Check> all() {
    WarehouseState warehouse = evidence.warehouse();
    Set<Long> orders = new TreeSet<>(evidence.ordersTopic().newest().keySet());
    orders.addAll(warehouse.lines().keySet());
    Set<String> skus = skus();
    return List.of(
        Check.of(
            Fault.OVERSOLD,
            "SKUs with more reserved than on hand, or fewer than 0",
            warehouse.stock().keySet(),
            sku -> isOversold(warehouse.stock().getOrDefault(sku, new Stock(0, 0)))),
        Check.of(
            Fault.OVERSOLD,
            "SKUs of which orders hold and have received more than the initial stock",
            skus,
            sku -> isOversold(stock(sku, byTopic)) || isOversold(stock(sku, byLines))),
        Check.count(
            Fault.OVERSOLD,
            "SKUs found oversold while the shop was open",
            evidence.oversoldWhileOpen()),
        Check.count(Fault.DRIFT, "rows of the view stock_drift", evidence.warehouse().driftRows()),
        Check.of(
            Fault.DRIFT,
            "orders whose stock lines differ from their latest version",
            orders,
            id -> !wanted(id).equals(withoutNone(warehouse.lines().getOrDefault(id, NOTHING)))),
        Check.of(
            Fault.DRIFT,
            "SKUs whose stock is not the initial stock less the lines",
            skus,
            sku -> !stock(sku, byLines).equals(warehouse.stock().get(sku))),
        Check.of(
            Fault.DRIFT,
            "SKUs whose stock is not the initial stock less the topic's orders",
            skus,
            sku -> !stock(sku, byTopic).equals(warehouse.stock().get(sku))));
  }

  private Set<String> skus() {
    Set<String> skus = new TreeSet<>(evidence.initialStock().keySet());
    skus.addAll(evidence.warehouse().stock().keySet());
    skus.addAll(byLines.keySet());
    skus.addAll(byTopic.keySet());
    return skus;
  }

  /** The effect that the latest version of an order in the topic should have. */
  private SortedMap<String, Effect> wanted(long orderId) {
    @Nullable OrderState order = evidence.ordersTopic().newest().get(orderId);
    @Nullable Outcome outcome = evidence.warehouse().orders().get(orderId);
    if (order == null || outcome == null || outcome.state().equals("REJECTED")) {
      return NOTHING;
    }
    TreeMap<String, Effect> effects = new TreeMap<>();
    order
        .quantities()
        .forEach(
            (sku, quantity) -> {
              switch (order.status()) {
                case "PENDING", "PAID" -> effects.put(sku, new Effect(quantity, 0));
                case "SHIPPED" -> effects.put(sku, new Effect(0, -quantity));
                default -> {}
              }
            });
    return effects;
  }

  private static SortedMap<String, Effect> withoutNone(SortedMap<String, Effect> effects) {
    TreeMap<String, Effect> some = new TreeMap<>(effects);
    some.values().removeIf(Effect.NONE::equals);
    return some;
  }

  private static Map<String, Effect> sums(Collection<SortedMap<String, Effect>> all) {
    Map<String, Effect> sums = new HashMap<>();
    all.forEach(effects -> effects.forEach((sku, effect) -> sums.merge(sku, effect, Effect::plus)));
    return sums;
  }

  /** The initial stock with all effects applied. */
  private Stock stock(String sku, Map<String, Effect> effects) {
    Effect effect = effects.getOrDefault(sku, Effect.NONE);
    long onHand = evidence.initialStock().getOrDefault(sku, 0L);
    return new Stock(onHand + effect.onHandDelta(), effect.reserved());
  }

  private static boolean isOversold(Stock stock) {
    return stock.reserved() < 0 || stock.reserved() > stock.onHand();
  }
}
