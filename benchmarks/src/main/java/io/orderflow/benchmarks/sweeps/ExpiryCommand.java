package io.orderflow.benchmarks.sweeps;

import io.orderflow.benchmarks.Benchmarks;
import io.orderflow.stack.LocalStack;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code run.sh expiry}. */
@Command(
    name = "expiry",
    mixinStandardHelpOptions = true,
    description = "The time from a deadline to the release of its stock, with many reservations.")
public final class ExpiryCommand implements Callable<Integer> {

  private static final int SKUS = 1000;
  private static final String NEVER = "2100-01-01T00:00:00Z";
  private static final String ALL = "SELECT count(*) FROM order_inventory";
  private static final String DUE =
      "SELECT count(*) FROM order_inventory WHERE expires_at < '2099-01-01'";

  private static final Duration PAUSE = Duration.ofMillis(10);

  /** Counting all orders takes longer. */
  private static final Duration LONG_PAUSE = Duration.ofMillis(500);

  /** Time to reserve a few orders before they are due. */
  private static final Duration SOON = Duration.ofSeconds(2);

  @Option(names = "--count", description = "reservations that are not due (default: 1000000)")
  private int count = 1_000_000;

  @Option(names = "--rounds", description = "rounds of 10 orders each (default: 30)")
  private int rounds = 30;

  @Option(names = "--due", description = "orders that are due at once (default: 100000)")
  private int due = 100_000;

  @Option(names = "--due-after", description = "seconds to reserve them (default: 60)")
  private int dueAfter = 60;

  @Option(names = "--tasks", description = "tasks of the connector (default: 2)")
  private int tasks = 2;

  private int placed;

  @Override
  public Integer call() throws Exception {
    try (LocalStack stack = Benchmarks.stack().start();
        SweptWarehouse warehouse =
            SweptWarehouse.start(
                stack,
                tasks,
                List.of(),
                Map.of("order.expires.field", "expires", "reservation.ttl.statuses", "PENDING"))) {
      SweptWarehouse.report("expiry.md", "expiry", measure(warehouse));
    }
    return 0;
  }

  private List<List<String>> measure(SweptWarehouse warehouse) throws Exception {
    warehouse.execute(
        "INSERT INTO stock (sku, on_hand) SELECT 'SKU-' || i, 1000000000 FROM generate_series(0, %d) AS i"
            .formatted(SKUS - 1));
    long began = System.nanoTime();
    place(warehouse, count, NEVER);
    warehouse.await(ALL, count, LONG_PAUSE);
    double reserved = (System.nanoTime() - began) / 1e9;
    warehouse.execute("VACUUM ANALYZE", "CHECKPOINT");
    List<Double> releases = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      releases.add(release(warehouse, 10, SOON));
    }
    double together = release(warehouse, due, Duration.ofSeconds(dueAfter));
    releases.sort(null);
    return List.of(
        SweptWarehouse.row("orders that reserve until 2100", count, reserved),
        SweptWarehouse.row("10 orders that are due, median", 10, releases.get(rounds / 2)),
        SweptWarehouse.row("10 orders that are due, longest", 10, releases.get(rounds - 1)),
        SweptWarehouse.row("orders that are due at once", due, together));
  }

  /** Returns the seconds from the deadline of new orders to the release of the last one. */
  private double release(SweptWarehouse warehouse, int orders, Duration after) throws Exception {
    Instant deadline = Instant.now().plus(after);
    place(warehouse, orders, deadline.toString());
    warehouse.await(DUE, orders, PAUSE);
    if (Instant.now().isAfter(deadline)) {
      throw new IllegalStateException(
          "%d orders are not reserved within %s; raise --due-after, or lower --due"
              .formatted(orders, after));
    }
    warehouse.await(DUE, 0, PAUSE);
    return Duration.between(deadline, Instant.now()).toNanos() / 1e9;
  }

  private void place(SweptWarehouse warehouse, int orders, String expires) {
    for (int i = 0; i < orders; i++) {
      int id = ++placed;
      warehouse.send(
          SweptWarehouse.ORDERS,
          id,
          """
          {"id":%d,"version":1,"status":"PENDING","total":"1.00","currency":"EUR",\
          "expires":"%s","items":[{"sku":"SKU-%d","quantity":1}]}"""
              .formatted(id, expires, id % SKUS));
    }
    warehouse.flush();
  }
}
