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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Releases the reservations that are due: in one transaction it locks orders, writes their
 * outcomes, and then changes stock, as a batch does. Only one transaction of all tasks does so at a
 * time. For one thread.
 */
public final class ExpirySweep {

  /** So that a batch which wants one of the orders or stock rows waits for milliseconds only. */
  private static final int MAX_ORDERS = 500;

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
  private final ConnectionShortage shortage = new ConnectionShortage();

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
    this.dueOrders = new DueOrders(tables, orders);
    this.stock = new StockRows(tables, scale, rules.locations().candidates());
    this.rules = rules;
    this.audit = tables.audit() == null ? null : new AuditRows(tables.audit(), ids);
  }

  /**
   * Releases reservations in one transaction: all that it has found, or nothing if it throws.
   *
   * @param now deadlines up to this time are due
   * @throws SQLException also if another transaction was faster; it can then be repeated
   */
  public Result release(Instant now) throws SQLException {
    if (audit != null) {
      audit.createPartitions(database);
    }
    long began = System.nanoTime();
    gaveBack = false;
    try {
      Result result =
          database.transaction(
              connection -> {
                gaveBack =
                    !database.usesPooler()
                        && shortage.isFound(connection, System.nanoTime() - began);
                return release(new SqlSession(connection, "", EnumSet.noneOf(Write.class)), now);
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

  private Result release(SqlSession session, Instant now) throws SQLException {
    if (!dueOrders.lock(session)) {
      return Result.NOTHING;
    }
    List<Outcome> due = dueOrders.read(session, now, MAX_ORDERS);
    if (due.isEmpty()) {
      return Result.NOTHING;
    }
    Map<StockItem, Stock> found = stock.read(session, StockNeeds.of(due), StockLockOrder.LAST);
    Plan plan = Planner.expire(rules, due, found);
    Map<Object, Outcome> stored = new HashMap<>();
    due.forEach(order -> stored.put(order.orderId(), order));
    orders.claim(session, plan.outcomes(), stored, InsertStrategy.GUARDED);
    if (audit != null) {
      audit.write(session, trail(plan.outcomes(), due), InsertStrategy.GUARDED);
    }
    stock.change(session, plan.stockChanges());
    Instant first = Objects.requireNonNull(due.get(0).expiresAt());
    return new Result(due.size(), Duration.between(first, now), due.size() == MAX_ORDERS);
  }

  private static List<AuditRow> trail(List<Outcome> outcomes, List<Outcome> due) {
    List<AuditRow> trail = new ArrayList<>(outcomes.size());
    for (int i = 0; i < outcomes.size(); i++) {
      trail.add(AuditRow.ofExpiry(outcomes.get(i), due.get(i)));
    }
    return trail;
  }
}
