package io.orderflow.quickstart.shop;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;

/** The shop while it is open. */
public final class Shop implements AutoCloseable {

  private static final int CLERKS = 6;
  private static final int ORDERS_PER_INSERT = 2_000;

  private final PaymentService payments;
  private final ExecutorService threads = Executors.newFixedThreadPool(CLERKS);
  private final List<CompletableFuture<Void>> clerks = new ArrayList<>();
  private volatile boolean open = true;

  /** Opens connections to the shop's database. */
  @FunctionalInterface
  public interface Connections {
    /** A new connection in auto-commit mode; the caller closes it. */
    Connection open() throws SQLException;
  }

  /** Gets the versions that a transaction has committed; called by many threads. */
  @FunctionalInterface
  public interface CommitListener {
    /** Called after the commit. */
    void committed(List<OrderVersion> versions, long transaction);
  }

  private Shop(PaymentService payments) {
    this.payments = payments;
  }

  /**
   * Creates the orders of the past.
   *
   * @return their versions, committed
   */
  public static List<OrderVersion> createPastOrders(
      Connections database, Products products, int count, RandomGenerator random)
      throws SQLException {
    Customers customers = new Customers(products, random);
    List<OrderVersion> versions = new ArrayList<>(count);
    try (Connection connection = database.open()) {
      connection.setAutoCommit(false);
      while (versions.size() < count) {
        int batch = Math.min(ORDERS_PER_INSERT, count - versions.size());
        List<Order> orders =
            ShopTables.nextIds(connection, batch).stream().map(customers::pastOrder).toList();
        ShopTables.insert(connection, orders);
        orders.forEach(order -> versions.add(order.asVersion()));
      }
      connection.commit();
    }
    return versions;
  }

  /**
   * Opens the shop.
   *
   * @param ordersPerSecond new orders; their changes come on top
   */
  public static Shop open(
      Connections database,
      Products products,
      PaymentService payments,
      CommitListener listener,
      int ordersPerSecond,
      RandomGenerator.SplittableGenerator random)
      throws SQLException {
    Shop shop = new Shop(payments);
    for (int i = 0; i < CLERKS; i++) {
      RandomGenerator own = random.split();
      Clerk clerk =
          new Clerk(
              database.open(),
              new Customers(products, own),
              (double) ordersPerSecond / CLERKS,
              payments,
              listener,
              own,
              () -> shop.open);
      shop.clerks.add(CompletableFuture.runAsync(clerk, shop.threads));
    }
    return shop;
  }

  /**
   * Does nothing while all clerks work.
   *
   * @throws IllegalStateException if a clerk has failed
   */
  public void requireWell() {
    clerks.stream().filter(CompletableFuture::isCompletedExceptionally).forEach(Shop::join);
  }

  /** Closes the shop; returns once everything is committed and all payments are sent. */
  @Override
  public void close() {
    open = false;
    threads.shutdown();
    clerks.forEach(Shop::join);
    payments.flush();
  }

  private static void join(CompletableFuture<Void> clerk) {
    try {
      clerk.join();
    } catch (CompletionException e) {
      throw new IllegalStateException("The shop had to close: " + e.getMessage(), e.getCause());
    }
  }
}
