package io.orderflow.sink.warehouse;

import io.orderflow.common.database.Database;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.plan.Outcome;
import io.orderflow.sink.plan.Plan;
import io.orderflow.sink.plan.Planner;
import io.orderflow.sink.plan.ReservationRules;
import io.orderflow.sink.plan.Stock;
import io.orderflow.sink.plan.StockNeeds;
import io.orderflow.sink.update.StockItem;
import io.orderflow.sink.warehouse.WriteMode.InsertStrategy;
import io.orderflow.sink.warehouse.WriteMode.StockLockOrder;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Releases the reservations that are due: in one transaction it locks orders, writes their
 * outcomes, and then changes stock, as a batch does. If tables have triggers, it locks stock before
 * orders, as batches do then, and reads what it has written again. Only one transaction of all
 * tasks does so at a time. For one thread.
 */
public final class ExpirySweep {

  /** So that a batch which wants one of the orders or stock rows waits for milliseconds only. */
  public static final int MAX_ORDERS = 500;

  /**
   * The result of one transaction.
   *
   * @param orders whose reservations were released
   * @param delay from the earliest of their deadlines to the sweep; 0 if there were none
   * @param mayLeaveMore whether more orders may be due
   */
  public record Result(int orders, Duration delay, boolean mayLeaveMore) {

    private static final Result NOTHING = new Result(0, Duration.ZERO, false);
  }

  private final Database database;
  private final OrderRows orders;
  private final DueOrders dueOrders;
  private final StockRows stock;
  private final ReservationRules rules;
  private final @Nullable AuditRows audit;
  private final RowTriggers triggers;
  private final WrittenRows writtenRows;
  private final ConnectionShortage shortage = new ConnectionShortage();

  /** What the last transaction was to release. */
  private List<Outcome> due = List.of();

  /** Whether other tasks may wait for the connection. */
  private boolean gaveBack;

  public ExpirySweep(
      Database database,
      WarehouseTables tables,
      OrderIdType type,
      ScaleGuard scale,
      ReservationRules rules) {
    OrderIdColumn ids = new OrderIdColumn(type);
    this.database = database;
    this.orders = new OrderRows(tables, ids, rules);
    this.dueOrders = new DueOrders(tables, ids, orders);
    this.stock = new StockRows(tables, scale, rules.locations().candidates());
    this.rules = rules;
    this.audit = tables.audit() == null ? null : new AuditRows(tables.audit(), ids);
    this.triggers = new RowTriggers(tables);
    this.writtenRows = new WrittenRows(tables, ids);
  }

  /**
   * Releases reservations in one transaction: all that it has found, or nothing if it throws.
   *
   * @param now deadlines up to this time are due
   * @param maxOrders of the transaction; those that are due for the longest time come first
   * @throws ConcurrentChangeException if another transaction was faster, or if a trigger suppresses
   *     or changes a row
   * @throws ChangedScaleException if the tables count in other steps now
   */
  public Result release(Instant now, int maxOrders) throws SQLException {
    if (audit != null) {
      audit.createPartitions(database);
    }
    long began = System.nanoTime();
    gaveBack = false;
    due = List.of();
    try {
      Result result =
          database.transaction(
              connection -> {
                gaveBack =
                    !database.usesPooler()
                        && shortage.isFound(connection, System.nanoTime() - began);
                return release(
                    new SqlSession(connection, "", EnumSet.noneOf(Write.class)), now, maxOrders);
              });
      if (gaveBack) {
        database.closeConnections();
      }
      return result;
    } catch (SQLException failure) {
      shortage.beginShortTurn();
      throw failure;
    }
  }

  /** The order that the last transaction was to release; empty if it was none, or several. */
  public Optional<Object> soleOrder() {
    return due.size() == 1 ? Optional.of(due.get(0).orderId()) : Optional.empty();
  }

  private Result release(SqlSession session, Instant now, int maxOrders) throws SQLException {
    if (!dueOrders.begin(session)) {
      return Result.NOTHING;
    }
    boolean mayChange = triggers.exist(session);
    Map<StockItem, Stock> found =
        mayChange
            ? lockStockFirst(session, now, maxOrders)
            : lockOrdersFirst(session, now, maxOrders);
    if (due.isEmpty()) {
      return Result.NOTHING;
    }
    Plan plan = Planner.expire(rules, due, found);
    write(session, plan);
    if (mayChange) {
      writtenRows.requireOrders(session, plan.outcomes());
      writtenRows.requireStock(session, found, plan.stockChanges());
      dueOrders.requireReleased(session, plan.outcomes(), now);
    }
    Instant first = Objects.requireNonNull(due.get(0).expiresAt());
    return new Result(due.size(), Duration.between(first, now), due.size() == maxOrders);
  }

  /** Locks the orders that are due, and reads their stock. */
  private Map<StockItem, Stock> lockOrdersFirst(SqlSession session, Instant now, int maxOrders)
      throws SQLException {
    due = dueOrders.read(session, now, maxOrders);
    return stock.read(session, StockNeeds.of(due), StockLockOrder.LAST);
  }

  /**
   * Locks the stock of the orders that are due, and then those orders. A batch locks both in the
   * same order on tables with triggers; in the other order, the two could deadlock.
   */
  private Map<StockItem, Stock> lockStockFirst(SqlSession session, Instant now, int maxOrders)
      throws SQLException {
    // Orders that others have locked for long are passed over, but none stays locked.
    Savepoint unlocked = session.connection().setSavepoint();
    List<Outcome> read = dueOrders.read(session, now, maxOrders);
    session.connection().rollback(unlocked);
    if (read.isEmpty()) {
      return Map.of();
    }
    Map<StockItem, Stock> found = stock.read(session, StockNeeds.of(read), StockLockOrder.FIRST);
    due = dueOrders.lock(session, read);
    return found;
  }

  private void write(SqlSession session, Plan plan) throws SQLException {
    Map<Object, Outcome> stored = new HashMap<>();
    due.forEach(order -> stored.put(order.orderId(), order));
    orders.claim(session, plan.outcomes(), stored, InsertStrategy.GUARDED);
    if (audit != null) {
      audit.write(session, trail(plan.outcomes(), due), InsertStrategy.GUARDED);
    }
    stock.change(session, plan);
  }

  private static List<AuditRow> trail(List<Outcome> outcomes, List<Outcome> due) {
    List<AuditRow> trail = new ArrayList<>(outcomes.size());
    for (int i = 0; i < outcomes.size(); i++) {
      trail.add(AuditRow.ofExpiry(outcomes.get(i), due.get(i)));
    }
    return trail;
  }
}
