package io.orderflow.quickstart;

import io.orderflow.quickstart.observe.Observation;
import io.orderflow.quickstart.setup.ConfigExamples;
import io.orderflow.quickstart.setup.Installation;
import io.orderflow.quickstart.shop.PaymentService;
import io.orderflow.quickstart.shop.Products;
import io.orderflow.quickstart.shop.Shop;
import io.orderflow.quickstart.verdict.Evidence;
import io.orderflow.quickstart.verdict.OrderState;
import io.orderflow.quickstart.verdict.OrdersTally;
import io.orderflow.quickstart.verdict.PaymentState;
import io.orderflow.quickstart.verdict.Verdict;
import io.orderflow.quickstart.verdict.WarehouseState;
import io.orderflow.quickstart.view.View;
import io.orderflow.stack.LocalStack;
import io.orderflow.stack.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator.SplittableGenerator;

/** Runs the demo on a running stack: from empty databases to a verdict. */
final class Demo {

  private static final Duration FIRST_ORDER_WITHIN = Duration.ofSeconds(90);
  private static final Duration STUCK_AFTER = Duration.ofSeconds(60);

  /** Records in flight that nothing counts, such as repeated payments, arrive within this time. */
  private static final Duration SETTLES_WITHIN = Duration.ofSeconds(2);

  private static final Duration LOOKS_EVERY = Duration.ofMillis(50);

  private final LocalStack stack;
  private final PostgresServer postgres;
  private final Options options;
  private final View view;
  private final Installation installation;
  private final Products products;
  private final SplittableGenerator random = new SplittableRandom();

  Demo(LocalStack stack, Options options, View view) {
    this.stack = stack;
    this.postgres = stack.postgres();
    this.options = options;
    this.view = view;
    this.installation =
        new Installation(ConfigExamples.ofThisCheckout(), stack.postgres(), stack.kafka());
    this.products =
        Products.forOrders((long) options.seconds() * options.ordersPerSecond(), random);
  }

  Verdict run() throws SQLException, InterruptedException {
    try (Observation observation = begin()) {
      sell(observation);
      drain(observation);
      view.show(observation.figures("the shop is closed", planned(), planned()));
      return verdict(observation);
    }
  }

  private Duration planned() {
    return Duration.ofSeconds(options.seconds());
  }

  private Observation begin() throws SQLException, InterruptedException {
    installation.createShop();
    var past =
        Shop.createPastOrders(
            () -> postgres.connect(Installation.SHOP), products, options.pastOrders(), random);
    installation.installCapture();
    installation.createWarehouse(products.onHand());
    installation.createPaymentTopic();
    view.say(
        String.format(
            Locale.ROOT,
            "%,d products in the warehouse, %,d past orders in the shop",
            products.onHand().size(),
            past.size()));
    Observation observation = Observation.start(installation, postgres, stack.connect().rest());
    observation.pastOrders(past);
    installation.startSource(stack.connect().rest());
    installation.startSink(stack.connect().rest());
    awaitFirstOrder(observation);
    return observation;
  }

  private void awaitFirstOrder(Observation observation) throws InterruptedException {
    long start = System.nanoTime();
    while (!observation.hasAppliedAny()) {
      observation.requireWell();
      if (since(start).compareTo(FIRST_ORDER_WITHIN) > 0) {
        throw new IllegalStateException(
            "The warehouse has no order after %d s".formatted(FIRST_ORDER_WITHIN.toSeconds()));
      }
      TimeUnit.MILLISECONDS.sleep(LOOKS_EVERY.toMillis());
    }
    view.say(
        String.format(Locale.ROOT, "first order applied after %.1f s", Quickstart.uptimeSeconds()));
  }

  private void sell(Observation observation) throws SQLException, InterruptedException {
    CompletableFuture<Void> kill = CompletableFuture.completedFuture(null);
    try (PaymentService payments =
            PaymentService.connect(
                stack.kafka().bootstrapServers(),
                installation.paymentsTopic().name(),
                observation::payment);
        Shop shop =
            Shop.open(
                () -> postgres.connect(Installation.SHOP),
                products,
                payments,
                observation::orders,
                options.ordersPerSecond(),
                random)) {
      long opened = System.nanoTime();
      if (options.killWorker()) {
        kill =
            new WorkerKill(stack.workers(), installation.connectors(), view)
                .after(planned().dividedBy(2));
      }
      showUntil(
          observation,
          () -> {
            shop.requireWell();
            return since(opened).compareTo(planned()) >= 0;
          },
          "the shop is open",
          opened);
    }
    long closed = System.nanoTime();
    showUntil(observation, kill::isDone, "waiting for the worker", closed - planned().toNanos());
    kill.join();
  }

  /** Waits until everything has arrived; gives up if nothing arrives for a while. */
  private void drain(Observation observation) throws InterruptedException {
    long opened = System.nanoTime() - planned().toNanos();
    AtomicLong outstanding = new AtomicLong(observation.outstanding());
    AtomicLong lastProgress = new AtomicLong(System.nanoTime());
    showUntil(
        observation,
        () -> {
          long now = observation.outstanding();
          if (now < outstanding.get()) {
            outstanding.set(now);
            lastProgress.set(System.nanoTime());
          }
          return now == 0 || since(lastProgress.get()).compareTo(STUCK_AFTER) > 0;
        },
        "the shop is closed, the rest is on its way",
        opened);
    if (observation.outstanding() > 0) {
      view.say(
          "Nothing has arrived for %d s, and %d versions are still missing"
              .formatted(STUCK_AFTER.toSeconds(), observation.outstanding()));
    }
    TimeUnit.MILLISECONDS.sleep(SETTLES_WITHIN.toMillis());
  }

  private void showUntil(
      Observation observation, BooleanSupplier done, String activity, long openedNanos)
      throws InterruptedException {
    long shown = System.nanoTime() - view.every().toNanos();
    while (!done.getAsBoolean()) {
      observation.requireWell();
      if (since(shown).compareTo(view.every()) >= 0) {
        shown = System.nanoTime();
        view.show(observation.figures(activity, since(openedNanos), planned()));
      }
      TimeUnit.MILLISECONDS.sleep(LOOKS_EVERY.toMillis());
    }
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  private Verdict verdict(Observation observation) throws SQLException {
    OrdersTally orders = new OrdersTally();
    installation.ordersTopic().read(orders);
    Map<Long, PaymentState> payments = new HashMap<>();
    AtomicLong updates = new AtomicLong();
    installation
        .paymentsTopic()
        .read(
            update -> {
              updates.incrementAndGet();
              payments.merge(
                  Long.parseLong(update.key()),
                  PaymentState.parse(update.value()),
                  PaymentState::newer);
            });
    AtomicLong deadLetters = new AtomicLong();
    installation.deadLetters().read(letter -> deadLetters.incrementAndGet());
    try (Connection shop = postgres.connect(Installation.SHOP);
        Connection warehouse = postgres.connect(Installation.WAREHOUSE)) {
      Map<Long, OrderState> shopOrders = Evidence.readShop(shop);
      view.say(
          String.format(
              Locale.ROOT,
              "compared: %,d orders of the shop, %,d order events, %,d payment updates, and the"
                  + " warehouse",
              shopOrders.size(),
              orders.events(),
              updates.get()));
      return Verdict.on(
          new Evidence(
              shopOrders,
              orders,
              payments,
              WarehouseState.read(warehouse),
              products.onHand(),
              deadLetters.get(),
              observation.oversold()));
    }
  }
}
