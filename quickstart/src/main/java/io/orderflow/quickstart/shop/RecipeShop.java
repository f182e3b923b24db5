package io.orderflow.quickstart.shop;

import io.orderflow.stack.ShopSteps;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator.SplittableGenerator;

/** A shop of {@code config-examples/shops} while it is open: its recipe says what happens there. */
public final class RecipeShop implements AutoCloseable {

  private static final int CLERKS = 4;

  private final ExecutorService threads = Executors.newFixedThreadPool(CLERKS);
  private final List<CompletableFuture<Void>> clerks = new ArrayList<>();
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicLong done = new AtomicLong();
  private volatile boolean open = true;

  private RecipeShop() {}

  /**
   * Opens the shop.
   *
   * @param perSecond how many lives of orders begin; each has up to three orders
   */
  public static RecipeShop open(
      Shop.Connections database, ShopSteps steps, double perSecond, SplittableGenerator random)
      throws SQLException {
    RecipeShop shop = new RecipeShop();
    for (int i = 0; i < CLERKS; i++) {
      RecipeClerk clerk =
          new RecipeClerk(
              database.open(),
              steps,
              shop.numbers,
              shop.done,
              perSecond / CLERKS,
              random.split(),
              () -> shop.open);
      shop.clerks.add(CompletableFuture.runAsync(clerk, shop.threads));
    }
    return shop;
  }

  /** How many steps have happened so far; each is one transaction. */
  public long done() {
    return done.get();
  }

  /**
   * Does nothing while all clerks work.
   *
   * @throws IllegalStateException if a clerk has failed
   */
  public void requireWell() {
    clerks.stream().filter(CompletableFuture::isCompletedExceptionally).forEach(RecipeShop::join);
  }

  /** Closes the shop; returns once everything is committed. */
  @Override
  public void close() {
    open = false;
    threads.shutdown();
    clerks.forEach(RecipeShop::join);
  }

  private static void join(CompletableFuture<Void> clerk) {
    try {
      clerk.join();
    } catch (CompletionException e) {
      throw new IllegalStateException("The shop had to close: " + e.getMessage(), e.getCause());
    }
  }
}
