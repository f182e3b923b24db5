package io.orderflow.quickstart.shop;

import io.orderflow.stack.ShopSteps;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * Works in a shop of {@code config-examples/shops}: begins new orders at a given rate, and lets the
 * next step happen to orders that were begun before, in any order.
 */
final class RecipeClerk implements Runnable {

  private static final int MAX_OPEN = 200;

  private final Connection connection;
  private final ShopSteps steps;
  private final AtomicLong numbers;
  private final AtomicLong done;
  private final double perNano;
  private final RandomGenerator random;
  private final BooleanSupplier open;
  private final List<Begun> begun = new ArrayList<>();

  /** Orders of one number, and the step that comes next. */
  private record Begun(long number, int next) {}

  /**
   * A clerk.
   *
   * @param numbers gives the next orders a number that no other clerk uses
   * @param done counts steps
   */
  RecipeClerk(
      Connection connection,
      ShopSteps steps,
      AtomicLong numbers,
      AtomicLong done,
      double perSecond,
      RandomGenerator random,
      BooleanSupplier open) {
    this.connection = connection;
    this.steps = steps;
    this.numbers = numbers;
    this.done = done;
    this.perNano = perSecond / TimeUnit.SECONDS.toNanos(1);
    this.random = random;
    this.open = open;
  }

  /** Works until the shop closes. */
  @Override
  public void run() {
    long opened = System.nanoTime();
    long placed = 0;
    try (connection) {
      connection.setAutoCommit(false);
      while (open.getAsBoolean()) {
        boolean due = (System.nanoTime() - opened) * perNano > placed;
        if (due && begun.size() < MAX_OPEN) {
          begun.add(new Begun(numbers.incrementAndGet(), 0));
          placed++;
          step(begun.size() - 1);
        } else if (!begun.isEmpty()) {
          step(random.nextInt(begun.size()));
        }
        TimeUnit.MILLISECONDS.sleep(random.nextLong(1, 5));
      }
    } catch (SQLException e) {
      throw new IllegalStateException("The shop's database failed: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void step(int index) throws SQLException {
    Begun at = begun.get(index);
    List<String> names = steps.names();
    steps.run(connection, names.get(at.next()), at.number());
    done.incrementAndGet();
    if (at.next() + 1 < names.size()) {
      begun.set(index, new Begun(at.number(), at.next() + 1));
    } else {
      begun.remove(index);
    }
  }
}
