package io.orderflow.benchmarks.sweeps;

import io.orderflow.benchmarks.Benchmarks;
import io.orderflow.stack.LocalStack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code run.sh backorders}. */
@Command(
    name = "backorders",
    mixinStandardHelpOptions = true,
    description = "The time from a receipt to the orders that it fills, with long queues.")
public final class BackordersCommand implements Callable<Integer> {

  private static final String WAITING = "SELECT count(*) FROM order_backorders WHERE lacking > 0";
  private static final Duration PAUSE = Duration.ofMillis(10);

  @Option(names = "--count", description = "orders that wait for one SKU (default: 100000)")
  private int count = 100_000;

  @Option(names = "--receipts", description = "receipts of 10 pieces each (default: 30)")
  private int receipts = 30;

  @Option(names = "--tasks", description = "tasks of the connector (default: 2)")
  private int tasks = 2;

  private long lastReceipt;

  @Override
  public Integer call() throws Exception {
    try (LocalStack stack = Benchmarks.stack().start();
        SweptWarehouse warehouse =
            SweptWarehouse.start(
                stack, tasks, List.of("backorders-install.sql"), Map.of("backorders", "true"))) {
      SweptWarehouse.report("backorders.md", "backorder fill", measure(warehouse));
    }
    return 0;
  }

  private List<List<String>> measure(SweptWarehouse warehouse) throws Exception {
    warehouse.execute("INSERT INTO stock (sku, on_hand) VALUES ('SKU-0', 0)");
    for (int id = 1; id <= count; id++) {
      warehouse.send(
          SweptWarehouse.ORDERS,
          id,
          """
          {"id":%d,"version":1,"status":"PENDING","total":"1.00","currency":"EUR",\
          "items":[{"sku":"SKU-0","quantity":1}]}"""
              .formatted(id));
    }
    long began = System.nanoTime();
    warehouse.await(WAITING, count, PAUSE);
    double queued = seconds(began);
    warehouse.execute("ANALYZE", "CHECKPOINT");
    int left = count;
    List<Double> fills = new ArrayList<>();
    for (int i = 0; i < receipts; i++) {
      left -= 10;
      fills.add(receive(warehouse, 10, left));
    }
    double rest = receive(warehouse, left, 0);
    fills.sort(null);
    return List.of(
        SweptWarehouse.row("orders that wait, of one SKU", count, queued),
        SweptWarehouse.row("a receipt of 10 pieces, median", 10, fills.get(receipts / 2)),
        SweptWarehouse.row("a receipt of 10 pieces, longest", 10, fills.get(receipts - 1)),
        SweptWarehouse.row("a receipt for all others", left, rest));
  }

  /** Returns the seconds from sending the receipt to the last fill. */
  private double receive(SweptWarehouse warehouse, int quantity, int left) throws Exception {
    long began = System.nanoTime();
    long id = count + ++lastReceipt;
    warehouse.send(
        SweptWarehouse.RECEIPTS,
        id,
        """
        {"order_id":%d,"version":1,"intent":"RECEIVE",\
        "items":[{"sku":"SKU-0","quantity":%d}]}"""
            .formatted(id, quantity));
    warehouse.flush();
    warehouse.await(WAITING, left, PAUSE);
    return seconds(began);
  }

  private static double seconds(long began) {
    return (System.nanoTime() - began) / 1e9;
  }
}
