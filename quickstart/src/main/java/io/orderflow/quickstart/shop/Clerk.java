package io.orderflow.quickstart.shop;

import io.orderflow.quickstart.shop.Lifecycle.Step;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * One of several who work in the shop at the same time, on a connection of their own: each places
 * and changes orders of its own, several in one transaction. Now and then a transaction stays open
 * for a while, so that others which began later, with greater IDs, commit before it.
 */
final class Clerk implements Runnable {

  private static final int MOST_PER_TRANSACTION = 100;
  private static final long TICK_MILLIS = 20;
  private static final double LINGERS = 0.01;
  private static final long LINGERS_AT_MOST_MILLIS = 200;

  private final Connection connection;
  private final Customers customers;
  private final Lifecycle lifecycle;
  private final Pace pace;
  private final Agenda agenda = new Agenda();
  private final PaymentService payments;
  private final CommitListener listener;
  private final RandomGenerator random;
  private final BooleanSupplier open;

  /** One transaction: new orders, changed orders, and the steps that changed them. */
  private record Work(List<Order> placed, List<Agenda.Entry> done, List<Order> changed) {

    boolean isEmpty() {
      return placed.isEmpty() && changed.isEmpty();
    }

    List<Order> all() {
      List<Order> all = new ArrayList<>(placed);
      all.addAll(changed);
      return all;
    }
  }

  Clerk(
      Connection connection,
      Customers customers,
      Pace pace,
      PaymentService payments,
      CommitListener listener,
      RandomGenerator random,
      BooleanSupplier open) {
    this.connection = connection;
    this.customers = customers;
    this.lifecycle = new Lifecycle(random);
    this.pace = pace;
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
        Work work = transaction();
        if (!work.isEmpty()) {
          announce(work, System.nanoTime());
        }
        TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
      }
    } catch (SQLException e) {
      throw new IllegalStateException("The shop's database failed: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Work transaction() throws SQLException, InterruptedException {
    long now = System.nanoTime();
    Work work =
        new Work(
            place(pace.take(now, MOST_PER_TRANSACTION)),
            agenda.due(now, MOST_PER_TRANSACTION),
            new ArrayList<>());
    List<Order> requantified = new ArrayList<>();
    for (Agenda.Entry entry : work.done()) {
      Order after = lifecycle.apply(entry.step(), entry.order());
      work.changed().add(after);
      if (entry.step() == Step.CHANGE_QUANTITY) {
        requantified.add(after);
      }
    }
    ShopTables.update(connection, work.changed());
    ShopTables.updateFirstQuantities(connection, requantified);
    if (!work.isEmpty() && random.nextDouble() < LINGERS) {
      TimeUnit.MILLISECONDS.sleep(random.nextLong(LINGERS_AT_MOST_MILLIS));
    }
    connection.commit();
    return work;
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

  private void announce(Work work, long committedAtNanos) {
    listener.committed(work.all().stream().map(Order::asVersion).toList(), committedAtNanos);
    work.placed().forEach(payments::placed);
    for (int i = 0; i < work.done().size(); i++) {
      payments.changed(work.done().get(i).order(), work.changed().get(i));
    }
    for (Order order : work.all()) {
      lifecycle.next(order).ifPresent(due -> agenda.add(order, due, committedAtNanos));
    }
  }
}
