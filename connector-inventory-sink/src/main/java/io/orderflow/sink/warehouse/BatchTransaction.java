package io.orderflow.sink.warehouse;

import io.orderflow.common.database.Database;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.plan.Outcome;
import io.orderflow.sink.plan.Plan;
import io.orderflow.sink.plan.Planner;
import io.orderflow.sink.plan.Queues;
import io.orderflow.sink.plan.ReservationRules;
import io.orderflow.sink.plan.Stock;
import io.orderflow.sink.plan.StockNeeds;
import io.orderflow.sink.update.AmountDue;
import io.orderflow.sink.update.LatestVersions;
import io.orderflow.sink.update.Origin;
import io.orderflow.sink.update.PaymentUpdate;
import io.orderflow.sink.update.StockItem;
import io.orderflow.sink.update.StockUpdate;
import io.orderflow.sink.update.Update;
import io.orderflow.sink.warehouse.WarehouseTables.OrderPaymentTables;
import io.orderflow.sink.warehouse.WriteMode.InsertStrategy;
import io.orderflow.sink.warehouse.WriteMode.StockLockOrder;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The statements of one batch. They lock rows of payments, then of orders' payments and their sums,
 * then of orders, then of stock, those of each table in the order of their keys; with {@link
 * StockLockOrder#FIRST}, stock before orders.
 *
 * <p>Two transactions with different lock orders can deadlock if they share an order, which happens
 * only while a task that Connect has given up still runs, or if both insert the same new item.
 * PostgreSQL then ends one of them, which can be repeated.
 */
final class BatchTransaction {

  private final PaymentRows payments;

  /** Null if each order has one payment. */
  private final @Nullable OrderPaymentRows orderPayments;

  private final OrderRows orders;
  private final StockRows stock;
  private final ReservationRules rules;
  private final @Nullable AuditRows audit;

  /** Null if no order waits for stock. */
  private final @Nullable Backorders backorders;

  private final RowTriggers triggers;
  private final WrittenRows writtenRows;

  BatchTransaction(
      WarehouseTables tables, OrderIdType type, ScaleGuard scale, ReservationRules rules) {
    OrderIdColumn ids = new OrderIdColumn(type);
    this.payments = new PaymentRows(tables, ids);
    OrderPaymentTables ofOrders = tables.orderPayments();
    this.orderPayments = ofOrders == null ? null : new OrderPaymentRows(ofOrders, ids);
    this.orders = new OrderRows(tables, ids, rules);
    this.stock = new StockRows(tables, scale, rules.locations().candidates());
    this.rules = rules;
    this.audit = tables.audit() == null ? null : new AuditRows(tables.audit(), ids);
    BackorderTables ofBackorders = tables.backorders();
    this.backorders = ofBackorders == null ? null : new Backorders(ofBackorders, ids);
    this.triggers = new RowTriggers(tables);
    this.writtenRows = new WrittenRows(tables, ids);
  }

  /** Creates missing partitions of the audit trail, in a transaction of its own. */
  void prepare(Database database) throws SQLException {
    if (audit != null) {
      audit.createPartitions(database);
    }
  }

  /**
   * Applies a batch, without committing.
   *
   * @param result receives counts and times
   * @throws ConcurrentChangeException if another transaction was faster, or if a trigger suppresses
   *     or changes a row
   * @throws ChangedScaleException if the tables count in other steps now
   * @throws SQLException with {@link InsertStrategy#COPY} also a unique violation, for the same
   *     reason
   */
  void apply(
      SqlSession session,
      LatestVersions batch,
      Function<Update, Origin> origins,
      WriteMode mode,
      BatchResult result)
      throws SQLException {
    boolean mayChange = triggers.exist(session);
    long began = System.nanoTime();
    List<PaymentRow> written =
        payments.write(session, batch.payments(), batch.due(), mode.inserts());
    result.addPayments(written);
    List<OrderPaymentRow> writtenOfOrders =
        orderPayments == null
            ? List.of()
            : orderPayments.write(
                session, batch.orderPayments(), mode.inserts(), mayChange ? writtenRows : null);
    result.addOrderPayments(writtenOfOrders);
    if (mayChange) {
      writtenRows.requirePayments(session, written);
      writtenRows.requireOrderPayments(session, writtenOfOrders);
    }
    began = result.addPhase(Phase.PAYMENTS, began);
    if (audit != null) {
      List<AuditRow> trail = trail(written, origins);
      trail.addAll(trailOf(writtenOfOrders, origins));
      audit.write(session, trail, mode.inserts());
      result.addPhase(Phase.AUDIT, began);
    }
    if (!batch.stock().isEmpty()) {
      applyStock(session, batch, origins, mode, mayChange, result);
    }
  }

  private void applyStock(
      SqlSession session,
      LatestVersions batch,
      Function<Update, Origin> origins,
      WriteMode mode,
      boolean mayChange,
      BatchResult result)
      throws SQLException {
    long began = System.nanoTime();
    Map<Object, Outcome> stored = orders.read(session, batch.stock());
    List<StockUpdate> newer =
        stored.isEmpty()
            ? batch.stock()
            : batch.stock().stream().filter(update -> isNewer(update, stored)).toList();
    if (newer.isEmpty()) {
      result.addPhase(Phase.READ, began);
      return;
    }
    // Of a row that is locked, it is known what it must contain afterwards.
    StockLockOrder lock = mayChange ? StockLockOrder.FIRST : mode.stockLock();
    StockNeeds needs = StockNeeds.of(rules.locations(), newer, stored);
    Map<StockItem, Stock> found = stock.read(session, needs, lock);
    Queues queues = backorders == null ? Queues.NONE : backorders.readQueues(session, needs);
    began = result.addPhase(Phase.READ, began);
    Plan plan = Planner.plan(rules, newer, stored, found, queues);
    result.addOrders(newer, plan.outcomes());
    began = result.addPhase(Phase.PLAN, began);
    orders.claim(session, plan.outcomes(), stored, mode.inserts());
    if (backorders != null) {
      backorders.write(session, plan.outcomes(), stored, plan.backorders());
    }
    began = result.addPhase(Phase.CLAIM, began);
    if (audit != null) {
      audit.write(session, trail(newer, plan.outcomes(), stored, origins), mode.inserts());
      began = result.addPhase(Phase.AUDIT, began);
    }
    stock.create(session, plan.newItems());
    stock.change(session, plan);
    if (backorders != null) {
      backorders.noteDue(session, plan, plan.backorders());
    }
    if (mayChange) {
      writtenRows.requireOrders(session, plan.outcomes());
      writtenRows.requireStock(session, found, plan.stockChanges());
    }
    result.addPhase(Phase.STOCK, began);
  }

  private static List<AuditRow> trail(List<PaymentRow> rows, Function<Update, Origin> origins) {
    List<AuditRow> trail = new ArrayList<>(2 * rows.size());
    for (PaymentRow row : rows) {
      PaymentUpdate payment = row.payment();
      if (payment != null) {
        trail.add(AuditRow.of(payment, origins.apply(payment)));
      }
      AmountDue due = row.due();
      if (due != null) {
        trail.add(AuditRow.of(due, origins.apply(due)));
      }
    }
    return trail;
  }

  /** The trail is one of orders: payments of none are left out. */
  private static List<AuditRow> trailOf(
      List<OrderPaymentRow> rows, Function<Update, Origin> origins) {
    List<AuditRow> trail = new ArrayList<>(rows.size());
    for (OrderPaymentRow row : rows) {
      Object orderId = row.orderId();
      if (orderId != null) {
        trail.add(AuditRow.of(orderId, row.payment(), origins.apply(row.payment())));
      }
    }
    return trail;
  }

  private static List<AuditRow> trail(
      List<StockUpdate> updates,
      List<Outcome> outcomes,
      Map<Object, Outcome> stored,
      Function<Update, Origin> origins) {
    List<AuditRow> trail = new ArrayList<>(outcomes.size());
    for (int i = 0; i < outcomes.size(); i++) {
      Outcome outcome = outcomes.get(i);
      Origin origin = origins.apply(updates.get(i));
      trail.add(AuditRow.of(outcome, stored.get(outcome.orderId()), origin));
    }
    return trail;
  }

  private static boolean isNewer(StockUpdate update, Map<Object, Outcome> stored) {
    Outcome order = stored.get(update.orderId());
    return order == null || order.version() < update.version();
  }
}
