package io.orderflow.it.compatibility;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.orderflow.it.fixture.Capture;
import io.orderflow.it.fixture.Connectors;
import io.orderflow.it.fixture.Event;
import io.orderflow.it.fixture.Json;
import io.orderflow.it.fixture.Shop;
import io.orderflow.it.fixture.Shop.Item;
import io.orderflow.it.fixture.Stage;
import io.orderflow.it.fixture.Topic;
import io.orderflow.it.fixture.Warehouse;
import io.orderflow.it.fixture.Writers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * A shop that is captured twice, by queries into one topic and from its log into another, and a
 * warehouse that applies the first. For one test.
 */
final class CapturedTwice {
  static final String BY_QUERY = "orders-by-query";
  static final String BY_LOG = "orders-by-log";
  static final String SINK = "inventory";

  private static final int ORDERS = 300;
  private static final int SKUS = 50;
  private static final long COUNTED = 100_000;
  private static final List<String> MOVES = List.of("PAID", "SHIPPED", "CANCELLED", "RETURNED");

  private final Stage stage;
  private final Shop shop;
  private final Warehouse warehouse;
  private final Topic byQuery;
  private final Topic byLog;
  private final Map<String, Map<String, String>> configs = new LinkedHashMap<>();
  private final AtomicLong lastOrder = new AtomicLong(ORDERS);

  private CapturedTwice(Stage stage) {
    this.stage = stage;
    shop = stage.shop();
    shop.fill(ORDERS);
    warehouse = stage.warehouse();
    warehouse.count(COUNTED, IntStream.range(0, SKUS).mapToObj(CapturedTwice::sku).toList());
    byQuery = stage.topic("by-query", 4);
    byLog = stage.topic("by-log", 4);
  }

  static CapturedTwice prepare(Stage stage) {
    CapturedTwice orders = new CapturedTwice(stage);
    Map<String, String> log = Capture.LOG.source(orders.shop, orders.byLog);
    log.put("slot.failover", "true");
    Map<String, String> sink = Connectors.sink(orders.warehouse);
    Connectors.topics(sink, Map.of("order", orders.byQuery));
    orders.configs.put(BY_QUERY, Capture.QUERY.source(orders.shop, orders.byQuery));
    orders.configs.put(BY_LOG, log);
    orders.configs.put(SINK, sink);
    return orders;
  }

  /** Settings by the connector's name. */
  Map<String, Map<String, String>> configs() {
    return configs;
  }

  String postgresVersion() {
    return shop.database().one("SHOW server_version");
  }

  /** Whether standbys keep a copy of the slot, as the configuration demands. */
  boolean slotOnStandbys() {
    return shop.database()
        .one(
            "SELECT coalesce(to_jsonb(s) ->> 'failover', 'false') FROM pg_replication_slots s"
                + " WHERE slot_name = current_database()")
        .equals("true");
  }

  void startConnectors() {
    configs.forEach(
        (name, config) -> {
          String json = Json.write(Map.of("name", name, "config", config));
          stage.connectors().rest().create(json);
          stage.connectors().adopt(name);
        });
    awaitTasks();
  }

  private void awaitTasks() {
    configs.forEach(
        (name, config) ->
            stage
                .connectors()
                .awaitRunning(name, Integer.parseInt(config.getOrDefault("tasks.max", "1"))));
  }

  /** Returns once the shop has committed so many more transactions. */
  void work(int transactions) {
    try (Writers writers = Writers.start(shop, 1, Duration.ofMillis(10), this::placeAndMove)) {
      await("the shop works").until(() -> writers.committed() >= transactions);
    }
  }

  /** Places one order and moves two others to another status. */
  private void placeAndMove(Connection connection, Random random) throws SQLException {
    long known = lastOrder.get();
    long id = lastOrder.incrementAndGet();
    Item more = new Item(sku(random.nextInt(SKUS)), 1 + random.nextInt(3));
    Shop.place(connection, id, "PENDING", new Item(sku(id % SKUS), 1), more);
    long first = 2 + random.nextLong(known - 2);
    Shop.move(connection, first, MOVES.get(random.nextInt(MOVES.size())));
    Shop.move(connection, first + 1, MOVES.get(random.nextInt(MOVES.size())));
  }

  private static String sku(long number) {
    return "SKU-" + number;
  }

  /** Returns once log capture has emitted the deletion. */
  void deleteAnOrder() {
    shop.database().execute("DELETE FROM orders WHERE id = 1");
    await("log capture emits that the order is deleted")
        .until(() -> Objects.requireNonNull(byLog.latest().get("1")).text() == null);
  }

  /** Returns once the newest version of every order is in both topics and in the warehouse. */
  void awaitAllIsThere() {
    awaitTasks();
    Map<String, Long> versions = shop.versions();
    await("captured by queries").until(byQuery::versions, equalTo(versions));
    await("captured from the log").until(byLog::versions, equalTo(versions));
    await("applied").until(warehouse::versions, equalTo(versions));
  }

  /** The violations of guarantees; empty if there are none. */
  List<String> faults() {
    List<String> faults = new ArrayList<>();
    faults.addAll(faultsOf(byQuery));
    faults.addAll(faultsOf(byLog));
    warehouse.drift().forEach(row -> faults.add("stock is not what the orders say: " + row));
    Map<String, String> stock =
        warehouse
            .database()
            .map("SELECT sku, reserved || ' ' || %d - on_hand FROM stock".formatted(COUNTED));
    expectedStock()
        .forEach(
            (sku, expected) -> {
              if (!expected.equals(stock.get(sku))) {
                faults.add(sku + ": expected " + expected + ", found " + stock.get(sku));
              }
            });
    return faults;
  }

  /** The reserved and the shipped pieces of each SKU, by the shop's orders. */
  private Map<String, String> expectedStock() {
    return shop.database()
        .map(
            """
            SELECT sku,
                   coalesce(sum(quantity) FILTER (WHERE status IN ('PENDING', 'PAID')), 0) || ' ' ||
                   coalesce(sum(quantity) FILTER (WHERE status = 'SHIPPED'), 0)
              FROM orders JOIN order_items ON order_id = id
             GROUP BY sku
            """);
  }

  private static List<String> faultsOf(Topic topic) {
    List<String> faults = new ArrayList<>();
    topic.duplicates().forEach((event, times) -> faults.add(event + ": " + times + " times"));
    topic.unordered().forEach(event -> faults.add("after a newer version: " + event));
    topic.events().stream()
        .filter(event -> !isWhole(event))
        .forEach(event -> faults.add("an order without all its items: " + event));
    return faults;
  }

  private static boolean isWhole(Event event) {
    return event.value().path("lines").asInt() == event.value().path("items").size();
  }
}
