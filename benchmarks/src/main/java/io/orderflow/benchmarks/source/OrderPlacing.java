package io.orderflow.benchmarks.source;

import io.orderflow.benchmarks.Waiting;
import io.orderflow.benchmarks.measure.Running;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongUnaryOperator;
import org.HdrHistogram.Histogram;

/**
 * Customers. Each order with its items is one transaction, and is placed at its set time, however
 * late the orders before it are.
 */
final class OrderPlacing implements AutoCloseable {

  private static final int CUSTOMERS = 8;
  private static final int DIGITS = 3;
  private static final Duration PROBE = Duration.ofMillis(200);

  private static final String COMMITS =
      """
      SELECT id, (extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000000)::bigint
      FROM orders WHERE id BETWEEN ? AND ?
      """;

  private final Shops shops;
  private final String database;
  private final ExecutorService customers = Executors.newFixedThreadPool(CUSTOMERS);
  private final List<Connection> connections = new ArrayList<>();
  private long placed;

  OrderPlacing(Shops shops, String database) throws SQLException {
    this.shops = shops;
    this.database = database;
    for (int i = 0; i < CUSTOMERS; i++) {
      connections.add(shops.connect(database));
    }
  }

  /** Places one order after the other until one of them arrives: then capture has begun. */
  void untilSeen(Arrivals arrivals, Running running) throws Exception {
    try (PreparedStatement place = ShopOrders.placing(connections.get(0))) {
      Waiting.until(
          "Arrival of the first order",
          PROBE,
          () -> {
            running.failIfEnded();
            placed++;
            ShopOrders.place(place, placed, placed);
            return arrivals.whole() > 0;
          });
    }
  }

  /** How many orders there are. */
  long placed() {
    return placed;
  }

  /**
   * Places orders at a rate; returns when the last one is committed.
   *
   * @return the rate that was reached
   */
  double at(int rate, int seconds) throws Exception {
    long first = placed + 1;
    long last = placed + (long) rate * seconds;
    AtomicLong next = new AtomicLong(first);
    long start = System.nanoTime();
    List<Future<?>> all = new ArrayList<>();
    for (Connection connection : connections) {
      all.add(
          customers.submit(
              () -> {
                place(connection, next, last, id -> start + (id - first) * 1_000_000_000L / rate);
                return null;
              }));
    }
    for (Future<?> each : all) {
      await(each);
    }
    placed = last;
    return (last - first + 1) * 1e9 / (System.nanoTime() - start);
  }

  private static void await(Future<?> customer) throws InterruptedException {
    try {
      customer.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("Could not place orders", e.getCause());
    }
  }

  private static void place(
      Connection connection, AtomicLong next, long last, LongUnaryOperator due)
      throws SQLException {
    try (PreparedStatement place = ShopOrders.placing(connection)) {
      for (long id = next.getAndIncrement(); id <= last; id = next.getAndIncrement()) {
        long at = due.applyAsLong(id);
        for (long wait = at - System.nanoTime(); wait > 0; wait = at - System.nanoTime()) {
          LockSupport.parkNanos(wait);
        }
        ShopOrders.place(place, id, id);
      }
    }
  }

  /**
   * The latencies of some orders in microseconds: from the commit, as the server has stamped it, to
   * the arrival.
   */
  Histogram latencies(long first, long last, Arrivals arrivals) throws SQLException {
    Histogram micros = new Histogram(DIGITS);
    try (Connection shop = shops.connect(database);
        PreparedStatement commits = shop.prepareStatement(COMMITS)) {
      commits.setLong(1, first);
      commits.setLong(2, last);
      try (ResultSet rows = commits.executeQuery()) {
        while (rows.next()) {
          micros.recordValue(arrivals.micros(rows.getLong(1)) - rows.getLong(2));
        }
      }
    }
    return micros;
  }

  @Override
  public void close() throws SQLException {
    customers.shutdownNow();
    for (Connection connection : connections) {
      connection.close();
    }
  }
}
