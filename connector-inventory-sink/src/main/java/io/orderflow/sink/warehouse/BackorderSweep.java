package io.orderflow.sink.warehouse;

import io.orderflow.common.database.Database;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.plan.Fills;
import io.orderflow.sink.plan.Outcome;
import io.orderflow.sink.plan.Plan;
import io.orderflow.sink.plan.ReservationRules;
import io.orderflow.sink.plan.State;
import io.orderflow.sink.plan.Stock;
import io.orderflow.sink.plan.StockNeeds;
import io.orderflow.sink.update.InventoryUpdate;
import io.orderflow.sink.update.StockItem;
import io.orderflow.sink.warehouse.WriteMode.InsertStrategy;
import io.orderflow.sink.warehouse.WriteMode.StockLockOrder;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Gives stock that has come to the orders that wait for it, first come, first served. It always
 * locks stock before orders: so it sees all that was committed together with a row that says that
 * an SKU is due, and never waits for an order.
 */
public final class BackorderSweep implements Sweep {

  /**
   * The number of rows of due SKUs, and of SKUs that nobody has noted, that one transaction reads.
   */
  private static final int MAX_SKUS = 500;

  /**
   * How long a sweep goes through due SKUs only: no longer than the pause between two sweeps, so
   * that each one that follows a pause looks.
   */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(900);

  /**
   * The result of one transaction.
   *
   * @param filled orders that have got all that they lacked
   * @param inPart orders that have got some of it
   * @param mayLeaveMore whether more orders may get something
   */
  public record Result(int filled, int inPart, boolean mayLeaveMore) {

    private static final Result NOTHING = new Result(0, 0, false);
  }

  /**
   * SKUs whose queues are gone through, in as many transactions as it takes.
   *
   * @param due the IDs of their rows
   * @param after the place up to which the queues are done
   * @param isComplete whether no order was passed over that another transaction was writing
   * @param precedesDue whether it is one transaction with SKUs that nobody has noted, before those
   *     that are due
   */
  private record Round(
      Set<String> skus, Set<Long> due, long after, boolean isComplete, boolean precedesDue) {

    Round(Set<String> skus, Set<Long> due, long after, boolean isComplete) {
      this(skus, due, after, isComplete, false);
    }
  }

  private final SweepTransactions transactions;
  private final OrderRows orders;
  private final OrderLocks locks;
  private final BackorderQueue queue;
  private final Backorders backorders;
  private final StockRows stock;
  private final ReservationRules rules;
  private final @Nullable AuditRows audit;
  private final RowTriggers triggers;
  private final WrittenRows writtenRows;

  /** What the last transactions have left; null if nothing. */
  private @Nullable Round round;

  /** The SKU up to which stock was looked at that nobody has noted. */
  private String looked = "";

  /** When that was, as {@link System#nanoTime} has it. */
  private long lookedAt = System.nanoTime();

  /** The orders of the last transaction. */
  private Collection<Object> candidates = List.of();

  public BackorderSweep(
      Database database,
      WarehouseTables tables,
      BackorderTables backorderTables,
      OrderIdType type,
      ScaleGuard scale,
      ReservationRules rules) {
    OrderIdColumn ids = new OrderIdColumn(type);
    this.orders = new OrderRows(tables, ids, rules);
    this.locks = new OrderLocks(tables, ids);
    this.queue = new BackorderQueue(backorderTables, tables, ids, rules);
    this.backorders = new Backorders(backorderTables, ids);
    this.stock = new StockRows(tables, scale, rules.locations().candidates());
    this.rules = rules;
    this.audit = tables.audit() == null ? null : new AuditRows(tables.audit(), ids);
    this.transactions =
        new SweepTransactions(database, "orderflow.backorders", tables.orders(), audit);
    this.triggers = new RowTriggers(tables);
    this.writtenRows = new WrittenRows(tables, ids);
  }

  @Override
  public boolean sweep(int maxOrders) throws SQLException {
    return fill(maxOrders).mayLeaveMore();
  }

  /** Fills orders in one transaction, as {@link #sweep} does. */
  public Result fill(int maxOrders) throws SQLException {
    Round before = round;
    candidates = List.of();
    round = null;
    try {
      return transactions.run(Result.NOTHING, session -> fill(session, before, maxOrders));
    } catch (SQLException failure) {
      // Those who were passed over must not be forgotten with what was rolled back.
      round = null;
      throw failure;
    }
  }

  @Override
  public Optional<Object> soleOrder() {
    return candidates.size() == 1 ? Optional.of(candidates.iterator().next()) : Optional.empty();
  }

  private Result fill(SqlSession session, @Nullable Round before, int maxOrders)
      throws SQLException {
    Round now = next(session, before);
    if (now.skus().isEmpty()) {
      return Result.NOTHING;
    }
    BackorderQueue.Candidates next =
        queue.readCandidates(session, now.skus(), now.after(), maxOrders);
    candidates = next.orders();
    int filled = 0;
    int inPart = 0;
    boolean isComplete = now.isComplete();
    if (!candidates.isEmpty()) {
      boolean mayChange = triggers.exist(session);
      Map<Object, Outcome> stored = orders.readWhole(session, candidates);
      BackorderQueue.Wishes read = queue.readWishes(session, stored);
      Map<Object, InventoryUpdate> wishes = read.byOrder();
      Map<StockItem, Stock> found =
          stock.read(
              session,
              StockNeeds.of(rules.locations(), List.copyOf(wishes.values()), stored),
              StockLockOrder.FIRST);
      if (now.after() > 0 && !isCurrent(session, now)) {
        return new Result(0, 0, true);
      }
      Map<Object, Outcome> locked = new HashMap<>();
      locks.lock(session, stored.values()).forEach(order -> locked.put(order.orderId(), order));
      isComplete &= locked.size() == stored.size();
      removeStale(session, stored, locked, read.outdated());
      List<Fills.Waiting> waiting = new ArrayList<>();
      for (Object order : candidates) {
        Outcome known = locked.get(order);
        InventoryUpdate wish = wishes.get(order);
        if (known != null && wish != null && known.lacksStock()) {
          waiting.add(new Fills.Waiting(wish, known));
        }
      }
      Plan plan = Fills.plan(rules, waiting, found);
      write(session, plan, waiting, locked);
      if (mayChange) {
        writtenRows.requireOrders(session, plan.outcomes());
        writtenRows.requireStock(session, found, plan.stockChanges());
      }
      filled =
          (int)
              plan.outcomes().stream()
                  .filter(outcome -> outcome.state() == State.BACKORDER_FILLED)
                  .count();
      inPart = plan.outcomes().size() - filled;
    }
    if (now.precedesDue()) {
      round = before;
      return new Result(filled, inPart, true);
    }
    // Stock that nobody has noted may be where none of them can have it, for ever.
    boolean continues = !now.due().isEmpty() || filled + inPart > 0;
    if (next.mayLeaveMore() && continues) {
      round = new Round(now.skus(), now.due(), next.last(), isComplete);
      return new Result(filled, inPart, true);
    }
    if (isComplete) {
      queue.removeDue(session, now.due());
    }
    return new Result(filled, inPart, isComplete && now.due().size() == MAX_SKUS);
  }

  /** The SKUs to go through, or to continue with. */
  private Round next(SqlSession session, @Nullable Round before) throws SQLException {
    SortedMap<Long, String> due = queue.readDue(session, MAX_SKUS);
    boolean continues = before != null && due.keySet().equals(before.due());
    if (!due.isEmpty() && System.nanoTime() - lookedAt > LOOK_NANOS) {
      Set<String> free = look(session);
      free.removeAll(due.values());
      if (!free.isEmpty()) {
        return new Round(free, Set.of(), 0, true, true);
      }
    }
    if (before != null && continues) {
      return before;
    }
    return due.isEmpty()
        ? new Round(look(session), Set.of(), 0, true)
        : new Round(new HashSet<>(due.values()), Set.copyOf(due.keySet()), 0, true);
  }

  /** Looks at the next SKUs, and returns those of which some is available. */
  private Set<String> look(SqlSession session) throws SQLException {
    SortedMap<String, Boolean> found = queue.look(session, looked, MAX_SKUS);
    looked = found.size() < MAX_SKUS ? "" : found.lastKey();
    lookedAt = System.nanoTime();
    Set<String> free = new HashSet<>(found.keySet());
    free.removeIf(sku -> !found.getOrDefault(sku, false));
    return free;
  }

  /**
   * Whether nothing has come since, so that those who were passed over could get nothing either.
   */
  private boolean isCurrent(SqlSession session, Round now) throws SQLException {
    return queue.readDue(session, MAX_SKUS).keySet().equals(now.due());
  }

  private void removeStale(
      SqlSession session,
      Map<Object, Outcome> stored,
      Map<Object, Outcome> locked,
      Set<Object> outdated)
      throws SQLException {
    Map<Object, Long> versions = new HashMap<>();
    for (Object order : candidates) {
      Outcome known = locked.get(order);
      if (known == null ? !stored.containsKey(order) : !known.lacksStock()) {
        versions.put(order, -1L);
      } else if (known != null && outdated.contains(order)) {
        versions.put(order, known.version());
      }
    }
    backorders.removeOthers(session, versions);
  }

  private void write(
      SqlSession session, Plan plan, List<Fills.Waiting> waiting, Map<Object, Outcome> stored)
      throws SQLException {
    orders.claim(session, plan.outcomes(), stored, InsertStrategy.GUARDED);
    backorders.write(
        session, waiting.stream().map(Fills.Waiting::known).toList(), stored, plan.backorders());
    if (audit != null) {
      List<AuditRow> trail = new ArrayList<>();
      for (Outcome outcome : plan.outcomes()) {
        Outcome known = stored.get(outcome.orderId());
        if (known != null) {
          trail.add(AuditRow.ofFill(outcome, known));
        }
      }
      audit.write(session, trail, InsertStrategy.GUARDED);
    }
    stock.change(session, plan);
    backorders.noteDue(session, plan, List.of());
  }
}
