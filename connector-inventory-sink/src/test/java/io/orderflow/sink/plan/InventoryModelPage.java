package io.orderflow.sink.plan;

import io.orderflow.sink.fixture.Updates;
import io.orderflow.sink.update.Deletion;
import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.Intent;
import io.orderflow.sink.update.Keep;
import io.orderflow.sink.update.StockItem;
import io.orderflow.sink.update.StockUpdate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** The page about states and stock. Its tables and its drawing are what the planner does. */
final class InventoryModelPage {

  private static final String HEAD =
      """
      <!-- Generated from the code; a test compares it. -->

      # How the sink keeps stock

      | term | meaning |
      |---|---|
      | on hand | what is in the warehouse |
      | reserved | what orders have reserved of it |
      | unavailable | the part of what is on hand that must not be sold: damaged goods, and those whose quality is examined |
      | safety stock | the part of what is on hand that reservations leave |
      | oversell allowance | how much more than what is on hand reservations may take |
      | available | on hand − reserved − unavailable − safety stock + oversell allowance: what the next order can reserve |
      | incoming | on its way from another location, and not on hand |
      | effect | what one order, in its present version, does to the reserved and on-hand quantity of an SKU |
      | outcome | the state of an order after a version of it, with the reason if it did not get what it wanted |

      Each version of an order has an intent, by its status or its own field, and the intent gives the effect of each line:

      """;

  private static final String AFTER_INTENTS =
      """

      The row of an order in `order_inventory` contains its present effects. A newer version replaces them, and stock changes by
      the difference, in one transaction. So an equal or older version changes nothing, a replay changes nothing, and versions
      may be left out.

      ## States

      Each newer version is decided by itself: any state can follow any other.

      """;

  private static final String AFTER_DRAWING =
      """

      - A reservation fits if enough is available, beside what the order itself has reserved; a shipment, if the rest of what
        is on hand still covers what others have reserved and what is unavailable.
      - "Fits in part" needs `reservation.policy=partial`: the column `backordered` has the rest. With the default, such an order is REJECTED.
      - A REJECTED order has the reason INSUFFICIENT_STOCK, EXPIRED, UNKNOWN_SKU or OUT_OF_RANGE. It has no reservation, except that goods
        which have left the warehouse stay counted. Its next version is decided again.
      - Goods that are shipped although they are unavailable have left the warehouse as well. Their order is REJECTED and keeps what it had,
        so that they are not sold again. RELEASE the hold, or hold less, and send the order in a newer version.
      - A reservation with a [deadline](your-shop.md#reservations-that-expire) is released when that is over, under the same version.
        What was shipped of the order stays shipped. If a later version reserves again and does not fit, its reason is EXPIRED.
      - A receipt fits always, and makes an SKU known. Taking one back does not fit if its goods were sold since.

      ## What a newer version changes

      For an order of 5 pieces, with enough in stock: the state, and the changes of reserved and on hand.

      """;

  private static final String UNFITTING =
      """

      The same if only 3 pieces are available beside what the order has, with the default policy and with
      `reservation.policy=partial`:

      """;

  private static final String BACKORDERS =
      """

      ## Backorders

      With `backorders=true`, a version that lacks stock waits: it is REJECTED or PARTIALLY_RESERVED with the reason INSUFFICIENT_STOCK,
      UNKNOWN_SKU or EXPIRED. Its lines are in `order_backorders`. When stock comes, the same version is decided again, those of each SKU
      in the order of their places. For a version that wants 5 pieces:

      """;

  private static final String AFTER_BACKORDERS =
      """

      - An order that cannot get what it wants is passed over, and keeps its place. With all-or-nothing it takes nothing until all its
        lines fit; with partial it takes what there is of each SKU.
      - A line waits in the queue of its SKU from the first version on that lacks it. It keeps its place if a later version wants as much
        or less, and goes to the end if it wants more.
      - While somebody waits for an SKU, what is received, released or adjusted of it is not for newcomers: they wait behind him, and get what
        he leaves within a second or two. An order that has reserved some of the SKU is no newcomer.
      - An order waits until it is filled, cancelled, shipped or deleted, or until its deadline: then it is EXPIRED.
      """;

  private static final String FOOT =
      """

      A line with shipped and returned quantities is the sum of its parts: what is shipped has the effect of SHIP less what is
      back, and the rest that of its intent. `stock_drift` compares `stock` with the sum of all effects, and is always empty.
      """;

  private static final String SKU = "apple";
  private static final long QUANTITY = 5;
  private static final long PLENTY = 1000;
  private static final long SOME = 3;
  private static final ReservationRules WHOLE =
      new ReservationRules(ReservationPolicy.ALL_OR_NOTHING, false, LocationRules.NONE);
  private static final ReservationRules PARTIAL =
      new ReservationRules(ReservationPolicy.PARTIAL, false, LocationRules.NONE);

  /** What a newer version of the order can be, by its name; from the version. */
  private static final Map<String, LongFunction<StockUpdate>> UPDATES = updates();

  private InventoryModelPage() {}

  private static Map<String, LongFunction<StockUpdate>> updates() {
    Map<String, LongFunction<StockUpdate>> updates = new LinkedHashMap<>();
    for (Intent intent : Intent.values()) {
      updates.put(
          intent.name(),
          version ->
              intent == Intent.KEEP
                  ? new Keep(1L, version)
                  : Updates.of(1L, version, intent, Map.of(SKU, QUANTITY)));
    }
    updates.put("tombstone", version -> new Deletion(1L, version));
    return updates;
  }

  static String markdown() {
    StringBuilder page = new StringBuilder(HEAD);
    intents(page);
    page.append(AFTER_INTENTS);
    drawing(page);
    page.append(AFTER_DRAWING);
    table(page, UPDATES.keySet(), WHOLE, PLENTY);
    page.append(UNFITTING);
    unfitting(page);
    page.append(BACKORDERS);
    backorders(page);
    page.append(AFTER_BACKORDERS);
    return page.append(FOOT).append(DocumentModelSection.markdown()).toString();
  }

  private static void intents(StringBuilder page) {
    page.append("| intent | reserved | on hand |\n|---|---|---|\n");
    for (Intent intent : Intent.values()) {
      Effect effect = intent.effect(1);
      boolean keeps = intent == Intent.KEEP;
      row(
          page,
          intent.name(),
          keeps ? "as before" : share(effect.reserved()),
          keeps ? "as before" : share(effect.onHand()));
    }
  }

  private static String share(long ofOne) {
    return ofOne == 0 ? "0" : ofOne > 0 ? "+ quantity" : "− quantity";
  }

  /** The states that each update leads to, and when. */
  private static void drawing(StringBuilder page) {
    page.append("```mermaid\nflowchart LR\n  newer([a newer version])\n");
    UPDATES.forEach(
        (name, update) -> {
          page.append("  newer --> i%1$s{{%1$s}}\n".formatted(name));
          Map<State, String> reached = new LinkedHashMap<>();
          befores().forEach(before -> reach(reached, before, update, WHOLE, PLENTY, "fits"));
          befores().forEach(before -> reach(reached, before, update, WHOLE, 0, "does not fit"));
          befores()
              .forEach(before -> reach(reached, before, update, PARTIAL, SOME, "fits in part"));
          boolean always = reached.size() == 1 || name.equals(Intent.KEEP.name());
          reached.forEach(
              (state, when) -> {
                if (!name.equals(Intent.KEEP.name()) || state == State.KEPT) {
                  page.append(
                      "  i%s -->%s %s\n".formatted(name, always ? "" : "|" + when + "|", state));
                }
              });
        });
    page.append("  iKEEP --> same([the state before])\n");
    befores().stream()
        .filter(before -> before != null && before.isReservation())
        .forEach(
            before ->
                page.append(
                    "  %s -->|deadline| %s\n".formatted(before.state(), expired(before).state())));
    befores().stream()
        .filter(before -> before != null && before.lacksStock())
        .forEach(
            before -> {
              fill(page, before, QUANTITY, "all has come");
              fill(page, before, 1, "some has come");
            });
    page.append("```\n");
  }

  /** What a version that waits becomes, with reservation.policy=partial. */
  private static void fill(StringBuilder page, Outcome before, long available, String when) {
    Plan plan = filled(before, available);
    if (!plan.outcomes().isEmpty() && plan.outcomes().get(0).state() != before.state()) {
      page.append(
          "  %s -->|%s| %s\n".formatted(before.state(), when, plan.outcomes().get(0).state()));
    }
  }

  private static Plan filled(Outcome before, long available) {
    return filled(before, available, PARTIAL);
  }

  private static Plan filled(Outcome before, long available, ReservationRules rules) {
    StockItem item = StockItem.of(SKU);
    long reserved = before.effects().getOrDefault(item, Effect.NONE).reserved();
    return Fills.plan(
        rules,
        List.of(
            new Fills.Waiting(
                Updates.of(1L, before.version(), Intent.RESERVE, Map.of(SKU, QUANTITY)), before)),
        Map.of(item, new Stock(reserved + available, reserved)));
  }

  private static void reach(
      Map<State, String> reached,
      @Nullable Outcome before,
      LongFunction<StockUpdate> update,
      ReservationRules rules,
      long available,
      String when) {
    Outcome after = plan(before, update, rules, available).outcomes().get(0);
    reached.putIfAbsent(after.state(), when);
  }

  private static void table(
      StringBuilder page, Set<String> columns, ReservationRules rules, long available) {
    page.append("| before | ").append(String.join(" | ", columns)).append(" |\n|---");
    page.append("|---".repeat(columns.size())).append("|\n");
    for (Outcome before : befores()) {
      List<String> cells = new ArrayList<>(List.of(name(before)));
      for (String column : columns) {
        cells.add(cell(plan(before, update(column), rules, available)));
      }
      row(page, cells.toArray(String[]::new));
    }
  }

  private static void unfitting(StringBuilder page) {
    page.append("| before | RESERVE | RESERVE, partial | SHIP |\n|---|---|---|---|\n");
    for (Outcome before : befores()) {
      row(
          page,
          name(before),
          cell(plan(before, update("RESERVE"), WHOLE, SOME)),
          cell(plan(before, update("RESERVE"), PARTIAL, SOME)),
          cell(plan(before, update("SHIP"), WHOLE, SOME)));
    }
  }

  private static void backorders(StringBuilder page) {
    page.append("| waits as | what has come | all-or-nothing | partial |\n|---|---|---|---|\n");
    for (Outcome before : befores()) {
      if (before != null && before.lacksStock()) {
        for (long available : new long[] {1, 2, QUANTITY}) {
          row(
              page,
              before.state().name(),
              Long.toString(available),
              fillCell(filled(before, available, WHOLE), before),
              fillCell(filled(before, available, PARTIAL), before));
        }
      }
    }
  }

  private static String fillCell(Plan plan, Outcome before) {
    return plan.outcomes().isEmpty() ? before.state() + " 0, 0" : cell(plan);
  }

  private static LongFunction<StockUpdate> update(String name) {
    return Objects.requireNonNull(UPDATES.get(name));
  }

  /** No order, then one of each state. */
  private static Set<@Nullable Outcome> befores() {
    Set<@Nullable Outcome> befores = new LinkedHashSet<>();
    befores.add(null);
    for (Intent intent : Intent.values()) {
      befores.add(first(update(intent.name()), WHOLE, PLENTY));
    }
    befores.add(first(update("RESERVE"), PARTIAL, SOME));
    befores.add(first(update("RESERVE"), WHOLE, SOME));
    befores.add(expired(first(update("RESERVE"), WHOLE, PLENTY)));
    befores.add(filled(first(update("RESERVE"), WHOLE, SOME), QUANTITY).outcomes().get(0));
    return befores;
  }

  /** The outcome of a reservation whose time is over. */
  private static Outcome expired(Outcome reservation) {
    StockItem item = StockItem.of(SKU);
    long reserved = reservation.effects().getOrDefault(item, Effect.NONE).reserved();
    return Planner.expire(WHOLE, List.of(reservation), Map.of(item, new Stock(reserved, reserved)))
        .outcomes()
        .get(0);
  }

  private static Outcome first(
      LongFunction<StockUpdate> update, ReservationRules rules, long available) {
    return plan(null, update, rules, available).outcomes().get(0);
  }

  /** Plans a newer version, with so much available beside what the order has. */
  private static Plan plan(
      @Nullable Outcome before,
      LongFunction<StockUpdate> update,
      ReservationRules rules,
      long available) {
    long reserved =
        before == null
            ? 0
            : before.effects().getOrDefault(StockItem.of(SKU), Effect.NONE).reserved();
    long version = before == null ? 1 : before.version() + 1;
    return Planner.plan(
        rules,
        List.of(update.apply(version)),
        before == null ? Map.of() : Map.of(1L, before),
        Map.of(StockItem.of(SKU), new Stock(reserved + available, reserved)));
  }

  private static String name(@Nullable Outcome before) {
    return before == null ? "no version" : before.state().name();
  }

  private static String cell(Plan plan) {
    Effect change = plan.stockChanges().getOrDefault(StockItem.of(SKU), Effect.NONE);
    return plan.outcomes().get(0).state()
        + " "
        + signed(change.reserved())
        + ", "
        + signed(change.onHand());
  }

  private static String signed(long change) {
    return change == 0 ? "0" : change > 0 ? "+" + change : "−" + -change;
  }

  private static void row(StringBuilder page, String... cells) {
    page.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }
}
