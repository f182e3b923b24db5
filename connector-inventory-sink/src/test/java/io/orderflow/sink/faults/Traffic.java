package io.orderflow.sink.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * Orders, payments and receipts in steps, and the expected result. Each step contains the next
 * version of every order and payment, and new receipts: orders are placed and shipped alternately.
 */
final class Traffic {

  private static final int ORDERS = 50;
  private static final int ON_HAND = 1_000;
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final WarehouseDatabase database;
  private int steps;

  Traffic(WarehouseDatabase database) throws SQLException {
    this.database = database;
    database.stock("A", ON_HAND);
    database.stock("B", ON_HAND);
  }

  List<SinkRecord> next() {
    steps++;
    String status = steps % 2 == 1 ? "PLACED" : "SHIPPED";
    List<SinkRecord> records = new ArrayList<>();
    for (long id = 0; id < ORDERS; id++) {
      records.add(Events.order(id, steps, status, "A:1", "B:2"));
      records.add(Events.payment(id, steps, "PAID"));
    }
    records.add(Events.inventory(1_000_000L + steps, 1, "RECEIVE", "B:3", newSku(steps) + ":7"));
    return records;
  }

  /** So that they come in the order of their numbers. */
  private static String newSku(int step) {
    return "new-" + (100 + step);
  }

  /** Waits until all records are applied, and asserts that each is applied once. */
  void assertAppliedOnce(RunningSink sink) throws SQLException, InterruptedException {
    assertAppliedOnce(sink, database);
  }

  void assertAppliedOnce(RunningSink sink, WarehouseDatabase on)
      throws SQLException, InterruptedException {
    awaitSettled(sink);
    assertEquals(List.of(), sink.reported());
    int reserved = steps % 2 == 1 ? ORDERS : 0;
    int shipped = steps % 2 == 1 ? 0 : ORDERS;
    List<String> stock = new ArrayList<>();
    stock.add("A|" + (ON_HAND - shipped) + "|" + reserved);
    stock.add("B|" + (ON_HAND - 2 * shipped + 3 * steps) + "|" + 2 * reserved);
    for (int step = 1; step <= steps; step++) {
      stock.add(newSku(step) + "|7|0");
    }
    assertEquals(stock, on.stock());
    assertEquals(List.of(), on.drift());
    assertEquals(
        List.of(ORDERS + "|" + steps + "|" + steps),
        on.rows(
            "SELECT count(*), min(version), max(version) FROM order_inventory WHERE order_id <"
                + " 1000"));
    assertEquals(
        List.of(ORDERS + "|" + ORDERS + "|" + steps + "|" + steps),
        on.rows(
            "SELECT count(*), count(due) FILTER (WHERE due_version = version), min(version),"
                + " max(version) FROM payments"));
  }

  /** Polls until all records can be committed. No poll may take long. */
  static void awaitSettled(RunningSink sink) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    do {
      assertTrue(System.nanoTime() < deadline, "not applied within " + PATIENCE);
      poll(sink);
      Thread.sleep(20);
    } while (!sink.isSettled());
  }

  /** Polls for a while during which nothing can be applied. */
  static void pollFor(Duration time, RunningSink sink) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    do {
      poll(sink);
      Thread.sleep(50);
    } while (System.nanoTime() < end);
  }

  private static void poll(RunningSink sink) {
    long began = System.nanoTime();
    sink.poll();
    long took = System.nanoTime() - began;
    assertTrue(took < Duration.ofSeconds(4).toNanos(), "put() took " + took + " ns");
  }
}
