package io.orderflow.sink.record;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.Updates;
import io.orderflow.sink.update.AmountDue;
import io.orderflow.sink.update.Deletion;
import io.orderflow.sink.update.Intent;
import io.orderflow.sink.update.Keep;
import io.orderflow.sink.update.PaymentUpdate;
import io.orderflow.sink.update.Update;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an event says, whatever form its producer gives it.
 *
 * @param id a Long, a UUID or a String
 * @param status of an order or a payment; the intent of an inventory update
 * @param scale decimals of quantities
 * @param amount null for none, as the currency and the provider
 * @param deleted whether the row was deleted
 */
record LogicalEvent(
    Role role,
    OrderIdType idType,
    Object id,
    long version,
    String status,
    int scale,
    List<Line> lines,
    @Nullable BigDecimal amount,
    @Nullable String currency,
    @Nullable String provider,
    boolean deleted) {

  /** An item; one that moves no stock may have no SKU and any quantity. */
  record Line(@Nullable String sku, @Nullable BigDecimal quantity) {}

  static final Map<String, Intent> INTENTS =
      Map.of("PENDING", Intent.RESERVE, "SHIPPED", Intent.SHIP, "CANCELLED", Intent.RELEASE);

  private static final List<String> SKUS = List.of("apple", "pear", "4711", "007", "\u00e4 b");

  static LogicalEvent random(Random random, int scale) {
    Role role = any(random, Role.values());
    OrderIdType idType = any(random, OrderIdType.values());
    String status =
        switch (role) {
          case ORDER -> List.of("PENDING", "SHIPPED", "CANCELLED").get(random.nextInt(3));
          case INVENTORY -> any(random, Intent.values()).name();
          case PAYMENT -> "PAID";
        };
    Intent intent = role == Role.INVENTORY ? Intent.valueOf(status) : INTENTS.get(status);
    List<Line> lines = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      lines.add(intent != null && intent.movesStock() ? line(random, scale) : withoutStock(random));
    }
    return new LogicalEvent(
        role,
        idType,
        id(idType, random),
        random.nextLong(random.nextBoolean() ? 100 : 1_000_000_000_000L),
        status,
        scale,
        lines,
        random.nextInt(4) == 0 ? null : amount(random),
        random.nextInt(4) == 0 ? null : List.of("EUR", "USD", "JPY").get(random.nextInt(3)),
        random.nextInt(4) == 0 ? null : "bank",
        random.nextInt(4) == 0);
  }

  private static <E> E any(Random random, E[] values) {
    return Arrays.asList(values).get(random.nextInt(values.length));
  }

  private static Line line(Random random, int scale) {
    int max = scale > 0 && random.nextBoolean() ? 300_000 : 300;
    return new Line(
        SKUS.get(random.nextInt(SKUS.size())),
        BigDecimal.valueOf(1 + random.nextInt(max), random.nextInt(scale + 1)));
  }

  /** As Odoo's sections and notes, and lines that were cancelled or taken back. */
  private static Line withoutStock(Random random) {
    String quantity = List.of("0", "0.00", "-1", "2.5", "3").get(random.nextInt(5));
    return new Line(
        random.nextBoolean() ? null : "apple",
        random.nextInt(4) == 0 ? null : new BigDecimal(quantity));
  }

  private static BigDecimal amount(Random random) {
    long units = random.nextLong(random.nextBoolean() ? 10_000 : 1_000_000_000_000L);
    return BigDecimal.valueOf(random.nextInt(5) == 0 ? -units : units, random.nextInt(4));
  }

  private static Object id(OrderIdType type, Random random) {
    return switch (type) {
      case BIGINT -> 1 + random.nextLong(random.nextBoolean() ? 100 : 100_000_000_000_000L);
      case INTEGER -> 1L + random.nextInt(100_000);
      case TEXT -> "order_" + random.nextInt(1_000);
      case UUID -> new UUID(random.nextLong(), random.nextLong());
    };
  }

  /**
   * The updates that the sink must read from each form of the event.
   *
   * @param ofDeletion the version of the deletion, if the row was deleted
   */
  List<Update> expected(long ofDeletion) {
    if (deleted) {
      return role == Role.PAYMENT ? List.of() : List.of(new Deletion(id, ofDeletion));
    }
    return switch (role) {
      case INVENTORY ->
          List.of(
              intent() == Intent.KEEP
                  ? new Keep(id, version)
                  : Updates.of(id, version, intent(), quantities()));
      case PAYMENT ->
          List.of(
              new PaymentUpdate(id, version, status, stripped(amount), currency, provider, "R-9"));
      case ORDER -> {
        Update inventory = Updates.of(id, version, intent(), quantities());
        yield amount == null
            ? List.of(inventory)
            : List.of(inventory, new AmountDue(id, version, amount.stripTrailingZeros(), currency));
      }
    };
  }

  private Intent intent() {
    return role == Role.INVENTORY
        ? Intent.valueOf(status)
        : Objects.requireNonNull(INTENTS.get(status));
  }

  private TreeMap<String, Long> quantities() {
    TreeMap<String, Long> quantities = new TreeMap<>();
    if (intent().movesStock()) {
      lines.forEach(
          line ->
              quantities.merge(
                  Objects.requireNonNull(line.sku()),
                  Objects.requireNonNull(line.quantity()).movePointRight(scale).longValueExact(),
                  Long::sum));
    }
    return quantities;
  }

  /** Amounts keep the number of digits of their form; their value counts. */
  static List<Update> stripped(List<Update> updates) {
    return updates.stream().map(LogicalEvent::stripped).toList();
  }

  private static Update stripped(Update update) {
    if (update instanceof AmountDue due) {
      return new AmountDue(
          due.orderId(), due.version(), due.due().stripTrailingZeros(), due.currency());
    }
    return update instanceof PaymentUpdate paid
        ? new PaymentUpdate(
            paid.orderId(),
            paid.version(),
            paid.status(),
            stripped(paid.amount()),
            paid.currency(),
            paid.provider(),
            paid.reference())
        : update;
  }

  private static @Nullable BigDecimal stripped(@Nullable BigDecimal amount) {
    return amount == null ? null : amount.stripTrailingZeros();
  }
}
