package io.orderflow.quickstart;

import io.orderflow.quickstart.setup.Installation;
import io.orderflow.quickstart.setup.RecipeInstallation;
import io.orderflow.quickstart.setup.Rows;
import io.orderflow.quickstart.shop.RecipeShop;
import io.orderflow.quickstart.verdict.ShopVerdict;
import io.orderflow.quickstart.verdict.Verdict;
import io.orderflow.quickstart.verdict.VersionsTally;
import io.orderflow.quickstart.view.View;
import io.orderflow.stack.LocalStack;
import io.orderflow.stack.PostgresServer;
import io.orderflow.stack.ShopComparison;
import io.orderflow.stack.ShopRecipe;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Runs the demo on the tables of a shop system of {@code config-examples/shops}. */
final class RecipeDemo {

  private static final Duration STUCK_AFTER = Duration.ofSeconds(60);
  private static final Duration LOOKS_EVERY = Duration.ofMillis(200);

  /** A recipe's step "place" makes up to three orders. */
  private static final int ORDERS_PER_LIFE = 3;

  private final LocalStack stack;
  private final PostgresServer postgres;
  private final ShopRecipe recipe;
  private final Options options;
  private final View view;
  private final RecipeInstallation installation;

  RecipeDemo(LocalStack stack, ShopRecipe recipe, Options options, View view) {
    this.stack = stack;
    this.postgres = stack.postgres();
    this.recipe = recipe;
    this.options = options;
    this.view = view;
    this.installation = new RecipeInstallation(recipe, stack.postgres(), stack.kafka());
  }

  Verdict run() throws SQLException, InterruptedException {
    installation.createTables();
    installation.start(stack.connect().rest());
    view.say(
        String.format(
            Locale.ROOT,
            "%s: %s run after %.1f s",
            recipe.name(),
            String.join(", ", installation.connectors()),
            Quickstart.uptimeSeconds()));
    sell();
    return verdict(drain());
  }

  private void sell() throws SQLException, InterruptedException {
    CompletableFuture<Void> kill = CompletableFuture.completedFuture(null);
    Duration planned = Duration.ofSeconds(options.seconds());
    try (RecipeShop shop =
        RecipeShop.open(
            () -> postgres.connect(Installation.SHOP),
            recipe.steps(),
            (double) options.ordersPerSecond() / ORDERS_PER_LIFE,
            new SplittableRandom())) {
      if (options.killWorker()) {
        kill =
            new WorkerKill(stack.workers(), installation.connectors(), view)
                .after(planned.dividedBy(2));
      }
      long opened = System.nanoTime();
      long shown = opened;
      while (System.nanoTime() - opened < planned.toNanos()) {
        shop.requireWell();
        if (System.nanoTime() - shown >= view.every().toNanos()) {
          shown = System.nanoTime();
          view.say("the shop is open: %,d changes".formatted(shop.done()));
        }
        TimeUnit.MILLISECONDS.sleep(LOOKS_EVERY.toMillis());
      }
    }
    kill.join();
  }

  /** Waits until the warehouse has what the shop says; gives up if nothing changes for a while. */
  private List<String> drain() throws SQLException, InterruptedException {
    ShopComparison comparison = recipe.comparison();
    try (Connection shop = postgres.connect(Installation.SHOP);
        Connection warehouse = postgres.connect(Installation.WAREHOUSE)) {
      List<String> differences = comparison.differences(shop, warehouse);
      long changed = System.nanoTime();
      while (!differences.isEmpty() && System.nanoTime() - changed < STUCK_AFTER.toNanos()) {
        TimeUnit.MILLISECONDS.sleep(LOOKS_EVERY.toMillis());
        List<String> now = comparison.differences(shop, warehouse);
        if (!now.equals(differences)) {
          changed = System.nanoTime();
          differences = now;
        }
      }
      return differences;
    }
  }

  private Verdict verdict(List<String> differences) throws SQLException {
    VersionsTally versions = new VersionsTally();
    installation.ordersTopic().read(versions);
    AtomicLong deadLetters = new AtomicLong();
    installation.deadLetters().read(letter -> deadLetters.incrementAndGet());
    view.say("compared: %,d order events, the shop and the warehouse".formatted(versions.events()));
    try (Connection warehouse = postgres.connect(Installation.WAREHOUSE)) {
      return new ShopVerdict(
              differences,
              versions,
              deadLetters.get(),
              skus(warehouse, "SELECT sku FROM stock WHERE reserved > on_hand"),
              skus(warehouse, "SELECT sku FROM stock_drift"))
          .verdict();
    }
  }

  private static List<String> skus(Connection warehouse, String query) throws SQLException {
    List<String> skus = new ArrayList<>();
    Rows.each(warehouse, query, row -> skus.add(row.getString(1)));
    return skus;
  }
}
