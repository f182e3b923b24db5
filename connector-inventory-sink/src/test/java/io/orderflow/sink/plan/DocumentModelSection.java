package io.orderflow.sink.plan;

import io.orderflow.sink.update.Deletion;
import io.orderflow.sink.update.DocumentIntent;
import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.Intent;
import io.orderflow.sink.update.InventoryUpdate;
import io.orderflow.sink.update.StockDocument;
import io.orderflow.sink.update.StockItem;
import io.orderflow.sink.update.StockUpdate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** The part of the page about stock that is about documents. */
final class DocumentModelSection {

  private static final String HEAD =
      """

      ## Stock documents

      Adjustments, counts, holds and transfers change stock without an order. They are inventory updates with an ID and versions of their
      own, and have a row in `order_inventory` as an order has. So they are applied once, and a newer version replaces an older one.

      | intent | on hand | unavailable | on hand at the destination | incoming at the destination |
      |---|---|---|---|---|
      """;

  private static final String DRAWING =
      """

      ```mermaid
      flowchart LR
        newer([a newer version])
      """;

  private static final String RULES =
      """
      ```

      - ADJUST, whose quantity is signed, COUNT, HOLD and TRANSFER_RECEIVED state facts, which orders cannot prevent: they may leave
        less than orders have reserved. Then `available` is negative, `shortage` has the missing quantity, and nothing more can be reserved. The orders that
        have reserved are shipped as long as goods are on hand.
      - They are REJECTED with INSUFFICIENT_STOCK if they take away more than is on hand, or leave less than is unavailable.
      - A COUNT says how much is on hand as of a time; its difference is fixed when it is applied. It is REJECTED with STALE_COUNT if goods
        were shipped, received, adjusted, transferred or counted after that time (`moved_at`, by the clock of the warehouse database):
        count again. Reservations do not matter.
      - A TRANSFER takes only what orders have not reserved, as a shipment does. What is on its way is `incoming` at its destination.
      - TRANSFER_RECEIVED has the quantities that were sent. If fewer pieces arrive, the rest is taken off by an ADJUST at the destination with
        an ID of its own.
      - A document that is REJECTED keeps what its earlier version did. RELEASE and tombstones take everything back, unless goods were sold since.
      - The text in `inventory.reason.field` is the `reason` of the row.
      - Safety stock (the column `safety`, which only people change) is left by reservations, not by shipments and transfers.
      - The oversell allowance (the column `oversell`, which only people change) is for reservations: goods that are shipped must be on
        hand. `shortage` has what is sold beyond stock. If the allowance is lowered, those who have reserved keep it, and nobody
        reserves more until enough is there.

      For a document of 5 pieces, with 50 on hand beside what it has done itself: the state, and what changes at its location and at the destination.

      """;

  private static final String SCARCE =
      """

      The same for a first version, if 5 pieces are on hand:

      """;

  private static final StockItem HERE = new StockItem("apple", "here");
  private static final StockItem THERE = new StockItem("apple", "there");
  private static final long QUANTITY = 5;
  private static final long ON_HAND = 50;
  private static final ReservationRules RULES_OF_ORDERS =
      new ReservationRules(ReservationPolicy.ALL_OR_NOTHING, false, LocationRules.NONE);

  /** What a newer version can be, by its name; from the version. */
  private static final Map<String, LongFunction<StockUpdate>> UPDATES = updates();

  private DocumentModelSection() {}

  private static Map<String, LongFunction<StockUpdate>> updates() {
    Map<String, LongFunction<StockUpdate>> updates = new LinkedHashMap<>();
    updates.put("ADJUST +5", version -> document(version, DocumentIntent.ADJUST, QUANTITY));
    updates.put("ADJUST −5", version -> document(version, DocumentIntent.ADJUST, -QUANTITY));
    for (DocumentIntent intent : DocumentIntent.values()) {
      if (intent == DocumentIntent.COUNT) {
        updates.put("COUNT 45", version -> document(version, intent, ON_HAND - QUANTITY));
      } else if (intent != DocumentIntent.ADJUST) {
        updates.put(intent.name(), version -> document(version, intent, QUANTITY));
      }
    }
    updates.put(
        "RELEASE", version -> new InventoryUpdate(1L, version, Intent.RELEASE, new TreeMap<>()));
    updates.put("tombstone", version -> new Deletion(1L, version));
    return updates;
  }

  private static StockDocument document(long version, DocumentIntent intent, long quantity) {
    TreeMap<StockItem, Effect> effects = new TreeMap<>();
    effects.put(HERE, intent.effect(quantity));
    effects.put(THERE, intent.effectAtDestination(quantity));
    effects.values().removeIf(Effect::isNone);
    Instant countedAt = intent == DocumentIntent.COUNT ? Instant.EPOCH : null;
    return new StockDocument(1L, version, intent, null, countedAt, effects);
  }

  static String markdown() {
    StringBuilder section = new StringBuilder(HEAD);
    for (DocumentIntent intent : DocumentIntent.values()) {
      Effect here = intent.effect(1);
      Effect there = intent.effectAtDestination(1);
      row(
          section,
          intent.name(),
          onHand(intent, here),
          share(here.unavailable()),
          intent.isTransfer() ? share(there.onHand()) : "",
          intent.isTransfer() ? share(there.incoming()) : "");
    }
    section.append(DRAWING);
    drawing(section);
    section.append(RULES);
    table(section);
    section.append(SCARCE);
    scarce(section);
    return section.toString();
  }

  private static String onHand(DocumentIntent intent, Effect here) {
    return switch (intent) {
      case ADJUST -> "± quantity";
      case COUNT -> "quantity − what was on hand";
      default -> share(here.onHand());
    };
  }

  private static String share(long ofOne) {
    return ofOne == 0 ? "0" : ofOne > 0 ? "+ quantity" : "− quantity";
  }

  private static void drawing(StringBuilder section) {
    for (DocumentIntent intent : DocumentIntent.values()) {
      section.append("  newer --> i%1$s{{%1$s}}\n".formatted(intent));
      section.append("  i%s -->|fits| %s\n".formatted(intent, state(intent, 1)));
      section.append("  i%s -->|does not fit| %s\n".formatted(intent, unfitting(intent)));
    }
    section.append("  newer --> iRELEASE{{RELEASE, tombstone}}\n  iRELEASE --> RELEASED\n");
  }

  private static State state(DocumentIntent intent, long quantity) {
    return plan(null, version -> document(version, intent, quantity), ON_HAND, 0)
        .outcomes()
        .get(0)
        .state();
  }

  /** The state if too much is taken, or if goods were moved since they were counted. */
  private static State unfitting(DocumentIntent intent) {
    if (intent == DocumentIntent.COUNT) {
      StockUpdate count = document(1, intent, QUANTITY);
      Stock moved = new Stock(ON_HAND, 0).countedAt(Instant.MAX);
      return Planner.plan(RULES_OF_ORDERS, List.of(count), Map.of(), Map.of(HERE, moved))
          .outcomes()
          .get(0)
          .state();
    }
    return state(intent, intent == DocumentIntent.ADJUST ? -100 : 100);
  }

  private static void table(StringBuilder section) {
    List<String> names = new ArrayList<>(UPDATES.keySet());
    section.append("| before | ").append(String.join(" | ", names)).append(" |\n|---");
    section.append("|---".repeat(names.size())).append("|\n");
    List<@Nullable Outcome> befores = new ArrayList<>();
    befores.add(null);
    for (DocumentIntent intent : DocumentIntent.values()) {
      befores.add(
          plan(
                  null,
                  version ->
                      document(
                          version,
                          intent,
                          intent == DocumentIntent.COUNT ? ON_HAND + QUANTITY : QUANTITY),
                  ON_HAND,
                  0)
              .outcomes()
              .get(0));
    }
    for (Outcome before : befores) {
      List<String> cells = new ArrayList<>();
      cells.add(name(before));
      UPDATES.values().forEach(update -> cells.add(cell(plan(before, update, ON_HAND, 0))));
      row(section, cells.toArray(String[]::new));
    }
  }

  private static String name(@Nullable Outcome before) {
    if (before == null) {
      return "no version";
    }
    return before.state() == State.ADJUSTED
        ? "ADJUSTED by +5"
        : before.state() == State.COUNTED ? "COUNTED 55, by +5" : before.state().name();
  }

  private static void scarce(StringBuilder section) {
    section.append(
        "| of which reserved | ADJUST −5 | HOLD | TRANSFER | TRANSFER_RECEIVED | ADJUST −6 |\n");
    section.append("|---|---|---|---|---|---|\n");
    for (long reserved : new long[] {0, 5}) {
      row(
          section,
          String.valueOf(reserved),
          scarce(DocumentIntent.ADJUST, -QUANTITY, reserved),
          scarce(DocumentIntent.HOLD, QUANTITY, reserved),
          scarce(DocumentIntent.TRANSFER, QUANTITY, reserved),
          scarce(DocumentIntent.TRANSFER_RECEIVED, QUANTITY, reserved),
          scarce(DocumentIntent.ADJUST, -QUANTITY - 1, reserved));
    }
  }

  private static String scarce(DocumentIntent intent, long quantity, long reserved) {
    return cell(plan(null, version -> document(version, intent, quantity), QUANTITY, reserved));
  }

  /** Plans a newer version, with so much on hand beside what the document itself has done. */
  private static Plan plan(
      @Nullable Outcome before, LongFunction<StockUpdate> update, long onHand, long reserved) {
    Map<StockItem, Stock> stock = new LinkedHashMap<>();
    for (StockItem item : List.of(HERE, THERE)) {
      Effect had = before == null ? Effect.NONE : before.effects().getOrDefault(item, Effect.NONE);
      stock.put(item, new Stock(onHand, reserved).plus(had).countedAt(Instant.EPOCH));
    }
    return Planner.plan(
        RULES_OF_ORDERS,
        List.of(update.apply(before == null ? 1 : before.version() + 1)),
        before == null ? Map.of() : Map.of(1L, before),
        stock);
  }

  private static String cell(Plan plan) {
    StringJoiner changes = new StringJoiner(", ");
    add(changes, "", plan.stockChanges().getOrDefault(HERE, Effect.NONE));
    add(changes, " there", plan.stockChanges().getOrDefault(THERE, Effect.NONE));
    return plan.outcomes().get(0).state() + (changes.length() == 0 ? "" : ": " + changes);
  }

  private static void add(StringJoiner changes, String where, Effect change) {
    add(changes, "on hand" + where, change.onHand());
    add(changes, "unavailable" + where, change.unavailable());
    add(changes, "incoming" + where, change.incoming());
  }

  private static void add(StringJoiner changes, String what, long change) {
    if (change != 0) {
      changes.add(what + (change > 0 ? " +" : " −") + Math.abs(change));
    }
  }

  private static void row(StringBuilder section, String... cells) {
    section.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }
}
