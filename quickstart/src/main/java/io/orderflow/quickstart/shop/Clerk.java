package io.orderflow.quickstart.shop;

import io.orderflow.quickstart.shop.Lifecycle.Step;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * One of several who work in the shop at the same time, on a connection of their own: each places
 * and changes orders of its own, several in one transaction. Now and then a transaction stays open
 * for a while, so that others which began later, with greater IDs, commit before it.
 */
final class Clerk implements Runnable {

  private static final int MAX_PER_TRANSACTION = 100;
  private static final long TICK_MILLIS = 20;
  private static final double LINGERS = 0.01;
  private static final long MAX_LINGER_MILLIS = 200;

  private final Connection connection;
  private final Customers customers;
  private final Lifecycle lifecycle;
  private final double ordersPerNano;
  private final PaymentService payments;
  private final Shop.CommitListener listener;
  private final RandomGenerator random;
  private final BooleanSupplier open;
  private final long startNanos = System.nanoTime();
  private long placed;

  /** One transaction: new orders, and changed orders beside the steps that changed them. */
  private record Work(List<Order> placed, List<Lifecycle.Due> done, List<Order> changed) {

    List<Order> all() {
      List<Order> all = new ArrayList<>(placed);
      all.addAll(changed);
      return all;
    }
  }

  Clerk(
      Connection connection,
      Customers customers,
      double ordersPerSecond,
      PaymentService payments,
      Shop.CommitListener listener,
      RandomGenerator random,
      BooleanSupplier open) {
    this.connection = connection;
    this.customers = customers;
    this.lifecycle = new Lifecycle(random);
    this.ordersPerNano = ordersPerSecond / TimeUnit.SECONDS.toNanos(1);
    this.payments = payments;
    this.listener = listener;
    this.random = random;
    this.open = open;
  }

  /** Works until the shop closes. */
  @Override
  public void run() {
    try (connection) {
      connection.setAutoCommit(false);
      while (open.getAsBoolean()) {
        transaction(System.nanoTime());
        TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
      }
    } catch (SQLException e) {
      throw new IllegalStateException("The shop's database failed: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void transaction(long nowNanos) throws SQLException, InterruptedException {
    List<Order> added = place(ordersDue(nowNanos));
    List<Lifecycle.Due> done = lifecycle.due(nowNanos, MAX_PER_TRANSACTION);
    if (added.isEmpty() && done.isEmpty()) {
      return;
    }
    Work work = new Work(added, done, done.stream().map(lifecycle::apply).toList());
    ShopTables.update(connection, work.changed());
    ShopTables.updateFirstQuantities(
        connection,
        IntStream.range(0, done.size())
            .filter(i -> done.get(i).step() == Step.CHANGE_QUANTITY)
            .mapToObj(work.changed()::get)
            .toList());
    if (random.nextDouble() < LINGERS) {
      TimeUnit.MILLISECONDS.sleep(random.nextLong(MAX_LINGER_MILLIS));
    }
    long transaction = ShopTables.currentTransaction(connection);
    connection.commit();
    announce(work, transaction);
  }

  /** A clerk who was held up places the orders that were due meanwhile. */
  private int ordersDue(long nowNanos) {
    long due = (long) ((nowNanos - startNanos) * ordersPerNano) - placed;
    int taken = (int) Math.max(0, Math.min(due, MAX_PER_TRANSACTION));
    placed += taken;
    return taken;
  }

  private List<Order> place(int count) throws SQLException {
    if (count == 0) {
      return List.of();
    }
    List<Order> orders =
        ShopTables.nextIds(connection, count).stream().map(customers::order).toList();
    ShopTables.insert(connection, orders);
    return orders;
  }

  private void announce(Work work, long transaction) {
    long nowNanos = System.nanoTime();
    listener.committed(work.all().stream().map(Order::asVersion).toList(), transaction);
    work.placed().forEach(payments::placed);
    for (int i = 0; i < work.done().size(); i++) {
      payments.changed(work.done().get(i).order(), work.changed().get(i));
    }
    work.all().forEach(order -> lifecycle.plan(order, nowNanos));
  }
}
