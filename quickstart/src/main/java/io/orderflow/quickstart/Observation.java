package io.orderflow.quickstart;

import io.orderflow.quickstart.progress.Census;
import io.orderflow.quickstart.progress.Latency;
import io.orderflow.quickstart.progress.Progress;
import io.orderflow.quickstart.progress.WarehouseObserver;
import io.orderflow.quickstart.setup.Installation;
import io.orderflow.quickstart.shop.OrderVersion;
import io.orderflow.quickstart.topic.Events;
import io.orderflow.quickstart.view.Figures;
import io.orderflow.stack.ConnectRest;
import io.orderflow.stack.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Watches everything from the outside, with threads of its own, until it is closed. */
final class Observation implements AutoCloseable {

  private static final long CENSUS_EVERY_MILLIS = 1_000;

  private final Latency latency = new Latency();
  private final Progress captured = new Progress(nanos -> {});
  private final Progress applied = new Progress(latency);
  private final Progress paid = new Progress(nanos -> {});
  private final AtomicLong events = new AtomicLong();
  private final Census census = new Census();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "observation");
            thread.setDaemon(true);
            return thread;
          });
  private volatile boolean goOn = true;

  /** Begins to watch. */
  static Observation start(Installation installation, PostgresServer postgres, ConnectRest rest) {
    Observation observation = new Observation();
    observation.watch(() -> observation.followTopic(installation));
    observation.watch(() -> observation.lookIntoWarehouse(postgres));
    observation.watch(() -> observation.countWarehouse(postgres));
    observation.watch(() -> observation.countTasks(rest, installation.connectors()));
    return observation;
  }

  /** Something that goes on until there is nothing more to watch. */
  @FunctionalInterface
  private interface Watch {
    void run() throws SQLException, InterruptedException;
  }

  private void followTopic(Installation installation) throws InterruptedException {
    installation.ordersTopic().follow(this::event, () -> goOn);
  }

  private void lookIntoWarehouse(PostgresServer postgres)
      throws SQLException, InterruptedException {
    try (Connection connection = postgres.connect(Installation.WAREHOUSE)) {
      new WarehouseObserver(applied, paid).run(connection, () -> goOn);
    }
  }

  private void countWarehouse(PostgresServer postgres) throws SQLException, InterruptedException {
    try (Connection connection = postgres.connect(Installation.WAREHOUSE)) {
      while (goOn) {
        census.countWarehouse(connection);
        TimeUnit.MILLISECONDS.sleep(CENSUS_EVERY_MILLIS);
      }
    }
  }

  private void countTasks(ConnectRest rest, List<String> connectors) throws InterruptedException {
    while (goOn) {
      census.countTasks(rest, connectors);
      TimeUnit.MILLISECONDS.sleep(CENSUS_EVERY_MILLIS);
    }
  }

  private void watch(Watch work) {
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

  private void event(ConsumerRecord<String, String> event) {
    events.incrementAndGet();
    if (event.value() != null) {
      long version = Events.order(event.value()).version();
      captured.seen(new OrderVersion(Events.orderId(event.key()), version), System.nanoTime());
    }
  }

  /** Orders that were there before the connectors. */
  void pastOrders(List<OrderVersion> versions) {
    captured.committedBefore(versions);
    applied.committedBefore(versions);
  }

  /** Orders that the shop has committed. */
  void orders(List<OrderVersion> versions, long atNanos) {
    captured.committed(versions, atNanos);
    applied.committed(versions, atNanos);
  }

  /** Payments that the payment service has told. */
  void payments(List<OrderVersion> versions, long atNanos) {
    paid.committed(versions, atNanos);
  }

  boolean hasAppliedAny() {
    return applied.reached() > 0;
  }

  /** How many versions of orders and payments have not arrived everywhere. */
  long outstanding() {
    return captured.outstanding() + applied.outstanding() + paid.outstanding();
  }

  /** How many SKUs were found oversold, over all looks. */
  long oversold() {
    return census.oversold();
  }

  Figures figures(String activity, Duration elapsed, Duration planned) {
    // What is behind is read first, so that nothing seems to have overtaken what it follows.
    long appliedNow = applied.reached();
    long paidNow = paid.reached();
    return new Figures(
        activity,
        elapsed,
        planned,
        applied.committed(),
        captured.reached(),
        events.get(),
        appliedNow,
        latency.percentiles(),
        census.outcomes(),
        paid.committed(),
        paidNow,
        census.tasks());
  }

  /**
   * Does nothing as long as all is well.
   *
   * @throws IllegalStateException if something could not be watched any more
   */
  void requireWell() {
    Exception cause = failure.get();
    if (cause != null) {
      throw new IllegalStateException("Could not watch any more: " + cause.getMessage(), cause);
    }
  }

  @Override
  public void close() {
    goOn = false;
    threads.shutdownNow();
  }
}
