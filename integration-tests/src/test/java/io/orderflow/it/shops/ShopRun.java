package io.orderflow.it.shops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.orderflow.it.fixture.Capture;
import io.orderflow.it.fixture.Database;
import io.orderflow.it.fixture.Stage;
import io.orderflow.it.fixture.Topic;
import io.orderflow.stack.ShopComparison;
import io.orderflow.stack.ShopRecipe;
import io.orderflow.stack.ValidationFixes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

/** The orders of one shop, from its tables to the warehouse, with the recipe's own settings. */
final class ShopRun {
  private static final Duration ARRIVES_WITHIN = Duration.ofSeconds(30);

  /** What was counted once, and no order changes. */
  private static final String COUNTED =
      "SELECT concat(sku, ' ', trim_scale(on_hand - moved)) FROM stock_units ORDER BY sku";

  private static final Duration LOOKS_EVERY = Duration.ofMillis(50);

  private final Stage stage;
  private final ShopRecipe recipe;
  private final Capture capture;
  private final Database shop;
  private final Database warehouse;
  private final ShopComparison comparison;
  private final Map<String, Topic> topics = new LinkedHashMap<>();

  private ShopRun(Stage stage, ShopRecipe recipe, Capture capture) {
    this.stage = stage;
    this.recipe = recipe;
    this.capture = capture;
    this.shop = stage.database(recipe.name());
    this.warehouse = stage.database(recipe.name() + "_warehouse");
    this.comparison = recipe.comparison();
  }

  /**
   * Installs the recipe, lets every step of the shop happen, and compares after each of them.
   *
   * @param passed gets each step that is right, and whether the shop's account shows it
   */
  static void run(Stage stage, ShopRecipe recipe, Capture capture, Map<String, Boolean> passed)
      throws SQLException {
    var run = new ShopRun(stage, recipe, capture);
    try (Connection shop = run.shop.connect();
        Connection warehouse = run.warehouse.connect()) {
      recipe.createShop(shop);
      recipe.createViews(shop);
      recipe.createWarehouse(shop, warehouse);
      List<String> counted = run.warehouse.texts(COUNTED);
      String sink = run.startConnectors(shop, warehouse);
      run.awaitSame(shop, warehouse, "the orders that exist");
      String account = run.comparison.account(shop);
      shop.setAutoCommit(false);
      for (String step : recipe.steps().names()) {
        recipe.steps().run(shop, step, 1);
        run.awaitSame(shop, warehouse, step);
        String before = account;
        account = run.comparison.account(shop);
        shop.commit();
        passed.put(step, !account.equals(before));
      }
      stage.connectors().replayAll(sink);
      run.awaitSame(shop, warehouse, "the replay");
      assertEquals(counted, run.warehouse.texts(COUNTED));
      run.assertNothingIsWrong(shop, warehouse);
    }
  }

  /** No bad record, no drift, and a comparison that notices a difference. */
  private void assertNothingIsWrong(Connection shopConnection, Connection warehouseConnection)
      throws SQLException {
    assertEquals(List.of(), warehouse.texts("SELECT sku FROM stock_drift"));
    if (recipe.connectors().contains("payments.json")) {
      assertEquals(List.of(), warehouse.texts("SELECT order_id::text FROM payment_totals_drift"));
    }
    String queue = recipe.connector("sink.json").get("errors.deadletterqueue.topic.name");
    assertEquals(List.of(), Objects.requireNonNull(topics.get(queue)).events());
    warehouse.execute("UPDATE stock SET reserved = reserved + 1");
    assertFalse(comparison.differences(shopConnection, warehouseConnection).isEmpty());
  }

  /** Starts the sources, then the sink, and returns the sink's name. */
  private String startConnectors(Connection shop, Connection warehouse) {
    String last = "";
    for (String file : recipe.connectors()) {
      boolean sink = file.equals("sink.json");
      Map<String, String> config =
          config(file, sink ? this.warehouse.settings() : this.shop.settings());
      String name = file.replace(".json", "");
      Map<String, String> named = new LinkedHashMap<>(config);
      named.put("name", stage.connectors().fullName(name));
      ValidationFixes.run(stage.connectors().rest(), named, sink ? warehouse : shop);
      last = stage.connectors().start(name, config);
    }
    return last;
  }

  /** The settings of a file under topics of this test's own, with the capture of this test. */
  private Map<String, String> config(String file, Map<String, String> database) {
    Map<String, String> config = recipe.connector(file);
    config.putAll(database);
    if (capture == Capture.LOG && !file.equals("sink.json")) {
      String slot = shop.name() + '_' + file.replace(".json", "");
      config.put("capture", "log");
      config.put("tasks.max", "1");
      config.put("transaction.boundary", "connector");
      config.put("slot.name", slot.toLowerCase(Locale.ROOT));
      config.put("publication.name", "orderflow_" + file.replace(".json", ""));
    }
    config.replaceAll(
        (setting, value) ->
            setting.startsWith("topics")
                    || setting.equals("topic")
                    || setting.endsWith("topic.name")
                ? own(value)
                : value);
    return config;
  }

  private String own(String names) {
    List<String> own = new ArrayList<>();
    for (String name : names.split(",", -1)) {
      own.add(topics.computeIfAbsent(name, topic -> stage.topic(topic, 2)).name());
    }
    return String.join(",", own);
  }

  /** Waits until the warehouse has what the shop says. */
  private void awaitSame(Connection shopConnection, Connection warehouseConnection, String step)
      throws SQLException {
    long deadline = System.nanoTime() + ARRIVES_WITHIN.toNanos();
    List<String> differences;
    do {
      differences = comparison.differences(shopConnection, warehouseConnection);
      if (!shopConnection.getAutoCommit()) {
        shopConnection.commit();
      }
      if (differences.isEmpty()) {
        return;
      }
      LockSupport.parkNanos(LOOKS_EVERY.toNanos());
    } while (System.nanoTime() - deadline < 0);
    throw new AssertionError(
        "%s, %s, %s: %s%s"
            .formatted(recipe.name(), capture, step, differences, String.join("", causes())));
  }

  /** Failed tasks and bad records. */
  private List<String> causes() {
    List<String> causes = new ArrayList<>();
    for (String file : recipe.connectors()) {
      String name = stage.connectors().fullName(file.replace(".json", ""));
      causes.add("\n" + stage.connectors().failures(name));
    }
    topics.forEach(
        (name, topic) -> topic.events().forEach(event -> causes.add("\n" + name + ": " + event)));
    return causes;
  }
}
