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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Releases the reservations that are due. If tables have triggers, it locks stock before orders, as
 * batches do then, and reads what it has written again.
 */
public final class ExpirySweep {

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

  private final SweepTransactions transactions;
  private final OrderRows orders;
  private final DueOrders dueOrders;
  private final OrderLocks locks;
  private final StockRows stock;
  private final ReservationRules rules;
  private final @Nullable AuditRows audit;
  private final RowTriggers triggers;
  private final WrittenRows writtenRows;

  /** Null if no order waits for stock. */
  private final @Nullable Backorders backorders;

  /** What the last transaction was to release. */
  private List<Outcome> due = List.of();

  public ExpirySweep(
      Database database,
      WarehouseTables tables,
      OrderIdType type,
      ScaleGuard scale,
      ReservationRules rules) {
    OrderIdColumn ids = new OrderIdColumn(type);
    this.orders = new OrderRows(tables, ids, rules);
    this.dueOrders = new DueOrders(tables, ids, orders);
    this.locks = new OrderLocks(tables, ids);
    this.stock = new StockRows(tables, scale, rules.locations().candidates());
    this.rules = rules;
    this.audit = tables.audit() == null ? null : new AuditRows(tables.audit(), ids);
    this.transactions = new SweepTransactions(database, "orderflow.expiry", tables.orders(), audit);
    BackorderTables ofBackorders = tables.backorders();
    this.backorders = ofBackorders == null ? null : new Backorders(ofBackorders, ids);
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
    due = List.of();
    return transactions.run(Result.NOTHING, session -> release(session, now, maxOrders));
  }

  /** The order that the last transaction was to release; empty if it was none, or several. */
  public Optional<Object> soleOrder() {
    return due.size() == 1 ? Optional.of(due.get(0).orderId()) : Optional.empty();
  }

  private Result release(SqlSession session, Instant now, int maxOrders) throws SQLException {
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
    due = locks.lock(session, read);
    return found;
  }

  private void write(SqlSession session, Plan plan) throws SQLException {
    Map<Object, Outcome> stored = new HashMap<>();
    due.forEach(order -> stored.put(order.orderId(), order));
    orders.claim(session, plan.outcomes(), stored, InsertStrategy.GUARDED);
    if (backorders != null) {
      backorders.write(session, plan.outcomes(), stored, List.of());
    }
    if (audit != null) {
      audit.write(session, trail(plan.outcomes(), due), InsertStrategy.GUARDED);
    }
    stock.change(session, plan);
    if (backorders != null) {
      backorders.noteDue(session, plan, List.of());
    }
  }

  private static List<AuditRow> trail(List<Outcome> outcomes, List<Outcome> due) {
    List<AuditRow> trail = new ArrayList<>(outcomes.size());
    for (int i = 0; i < outcomes.size(); i++) {
      trail.add(AuditRow.ofExpiry(outcomes.get(i), due.get(i)));
    }
    return trail;
  }
}
