package io.orderflow.quickstart.observe;

import io.orderflow.quickstart.setup.Installation;
import io.orderflow.quickstart.setup.Rows;
import io.orderflow.quickstart.shop.OrderVersion;
import io.orderflow.quickstart.verdict.OrderState;
import io.orderflow.stack.ConnectRest;
import io.orderflow.stack.ConnectorStatus;
import io.orderflow.stack.PostgresServer;
import io.orderflow.stack.RestFailure;
import io.orderflow.stack.StackException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Watches topic, warehouse and tasks from outside, in threads of its own, until it is closed. */
public final class Observation implements AutoCloseable {

  private static final Duration LOOKS_EVERY = Duration.ofMillis(100);
  private static final Duration COUNTS_EVERY = Duration.ofSeconds(1);

  private static final String OUTCOMES =
      "SELECT state, count(*) FROM order_inventory GROUP BY state";
  private static final String OVERSOLD =
      "SELECT count(*) FROM stock WHERE reserved > on_hand OR reserved < 0";

  private final Progress captured = new Progress();
  private final Progress applied = new Progress();
  private final Progress paid = new Progress();
  private final LatencyWindow latencies = new LatencyWindow();
  private final AtomicLong events = new AtomicLong();
  private final AtomicLong oversold = new AtomicLong();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "observation");
            thread.setDaemon(true);
            return thread;
          });
  private volatile Map<String, Long> outcomes = Map.of();
  private volatile String tasks = "";
  private volatile boolean open = true;

  /** Begins to watch. */
  public static Observation start(
      Installation installation, PostgresServer postgres, ConnectRest rest) {
    Observation observation = new Observation();
    observation.run(
        () -> installation.ordersTopic().follow(observation::event, () -> observation.open));
    observation.run(() -> observation.lookIntoWarehouse(postgres));
    observation.run(() -> observation.countWarehouse(postgres));
    observation.run(
        () ->
            observation.repeat(
                COUNTS_EVERY, () -> observation.countTasks(rest, installation.connectors())));
    return observation;
  }

  /** A step of one of the threads. */
  @FunctionalInterface
  private interface Work {
    void run() throws SQLException, InterruptedException;
  }

  private void run(Work work) {
    threads.execute(
        () -> {
          try {
            work.run();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (SQLException | RuntimeException e) {
            failure.compareAndSet(null, e);
          }
        });
  }

  private void repeat(Duration pause, Work work) throws SQLException, InterruptedException {
    while (open) {
      work.run();
      TimeUnit.MILLISECONDS.sleep(pause.toMillis());
    }
  }

  private void lookIntoWarehouse(PostgresServer postgres)
      throws SQLException, InterruptedException {
    try (Connection shop = postgres.connect(Installation.SHOP);
        Connection warehouse = postgres.connect(Installation.WAREHOUSE)) {
      repeat(LOOKS_EVERY, new WarehouseObserver(shop, warehouse, applied, paid, latencies)::look);
    }
  }

  private void countWarehouse(PostgresServer postgres) throws SQLException, InterruptedException {
    try (Connection warehouse = postgres.connect(Installation.WAREHOUSE)) {
      repeat(
          COUNTS_EVERY,
          () -> {
            Map<String, Long> counted = new HashMap<>();
            Rows.each(warehouse, OUTCOMES, row -> counted.put(row.getString(1), row.getLong(2)));
            outcomes = Map.copyOf(counted);
            Rows.each(warehouse, OVERSOLD, row -> oversold.addAndGet(row.getLong(1)));
          });
    }
  }

  private void countTasks(ConnectRest rest, List<String> connectors) {
    try {
      List<ConnectorStatus.Task> all =
          connectors.stream().flatMap(name -> rest.status(name).tasks().stream()).toList();
      List<ConnectorStatus.Task> running =
          all.stream().filter(task -> task.state().equals("RUNNING")).toList();
      long workers = running.stream().map(ConnectorStatus.Task::workerId).distinct().count();
      tasks =
          "%d of %d tasks running on %d %s"
              .formatted(running.size(), all.size(), workers, workers == 1 ? "worker" : "workers");
    } catch (RestFailure | StackException e) {
      tasks = "the cluster does not answer";
    }
  }

  private void event(ConsumerRecord<String, String> event) {
    events.incrementAndGet();
    if (event.value() != null) {
      long version = OrderState.parse(event.value()).version();
      var unused = captured.seen(new OrderVersion(Long.parseLong(event.key()), version));
    }
  }

  /** Adds the orders that existed before the connectors. */
  public void pastOrders(List<OrderVersion> versions) {
    captured.committedBefore(versions);
    applied.committedBefore(versions);
  }

  /** Adds the versions that a transaction of the shop has committed. */
  public void orders(List<OrderVersion> versions, long transaction) {
    captured.committed(versions, transaction);
    applied.committed(versions, transaction);
  }

  /** Adds a version of a payment that the topic has. */
  public void payment(OrderVersion version) {
    paid.committed(List.of(version), Progress.UNTIMED);
  }

  /** Whether the warehouse has any order. */
  public boolean hasAppliedAny() {
    return applied.past().reached() + applied.live().reached() > 0;
  }

  /** How many versions of orders and payments have not arrived everywhere. */
  public long outstanding() {
    return captured.outstanding() + applied.outstanding() + paid.outstanding();
  }

  /** How many SKUs were found oversold, over all counts. */
  public long oversold() {
    return oversold.get();
  }

  /** The figures of this moment. */
  public Figures figures(String activity, Duration elapsed, Duration planned) {
    // Downstream first, so that no figure exceeds the one that it follows.
    long appliedNow = applied.live().reached();
    long pastNow = applied.past().reached();
    long paidNow = paid.live().reached();
    return new Figures(
        activity,
        elapsed,
        planned,
        applied.past().committed(),
        pastNow,
        applied.live().committed(),
        captured.live().reached(),
        events.get(),
        appliedNow,
        latencies.percentiles(ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now())),
        outcomes,
        paid.live().committed(),
        paidNow,
        tasks);
  }

  /**
   * Does nothing while all threads work.
   *
   * @throws IllegalStateException if one of them has failed
   */
  public void requireWell() {
    Exception cause = failure.get();
    if (cause != null) {
      throw new IllegalStateException("The observation failed: " + cause.getMessage(), cause);
    }
  }

  @Override
  public void close() {
    open = false;
    threads.shutdownNow();
  }
}
