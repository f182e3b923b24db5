package io.orderflow.sink.warehouse;

import io.orderflow.common.database.Database;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.plan.Outcome;
import io.orderflow.sink.plan.Plan;
import io.orderflow.sink.plan.ReservationPolicy;
import io.orderflow.sink.plan.Stock;
import io.orderflow.sink.update.AmountDue;
import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.InventoryUpdate;
import io.orderflow.sink.update.LatestVersions;
import io.orderflow.sink.update.Origin;
import io.orderflow.sink.update.PaymentUpdate;
import io.orderflow.sink.update.StockUpdate;
import io.orderflow.sink.update.Update;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one batch does within its transaction. It locks rows of payments, then of orders, then of
 * stock, those of each table in the order of their keys; with {@link StockLockOrder#FIRST}, those
 * of stock before those of orders. Two transactions that lock in different ways can so wait for
 * each other where they share an order, which they do only while a task that Connect has given up
 * still runs, or where both bring in the same new SKU. PostgreSQL then ends one of them, and {@link
 * Warehouse} tries that one again.
 */
final class BatchTransaction {

  private final PaymentRows payments;
  private final OrderRows orders;
  private final StockRows stock;
  private final ReservationPolicy policy;
  private final @Nullable AuditRows audit;

  BatchTransaction(WarehouseTables tables, OrderIdType type, ReservationPolicy policy) {
    OrderIdColumn ids = new OrderIdColumn(type);
    this.payments = new PaymentRows(tables, ids);
    this.orders = new OrderRows(tables, ids);
    this.stock = new StockRows(tables);
    this.policy = policy;
    this.audit = tables.audit() == null ? null : new AuditRows(tables.audit(), ids);
  }

  /** What has to be there before a batch is applied, and has a transaction of its own. */
  void prepare(Database database) throws SQLException {
    if (audit != null) {
      audit.prepare(database);
    }
  }

  /**
   * Applies a batch, without committing.
   *
   * @param applied where it is noted what came of the batch
   * @throws ConcurrentChangeException when another transaction was faster, and all has to be done
   *     again
   * @throws SQLException with {@link InsertStrategy#COPY} also as a unique violation, for the same
   *     reason
   */
  void apply(
      Connection connection,
      LatestVersions batch,
      Function<Update, Origin> origins,
      StockLockOrder lock,
      InsertStrategy inserts,
      BatchResult applied)
      throws SQLException {
    long began = System.nanoTime();
    List<PaymentRow> paid = payments.write(connection, batch.payments(), batch.due(), inserts);
    applied.paid(paid);
    began = applied.took(Phase.PAYMENTS, began);
    if (audit != null) {
      audit.write(connection, trail(paid, origins), inserts);
      applied.took(Phase.AUDIT, began);
    }
    if (!batch.stock().isEmpty()) {
      applyStock(connection, batch, origins, lock, inserts, applied);
    }
  }

  private void applyStock(
      Connection connection,
      LatestVersions batch,
      Function<Update, Origin> origins,
      StockLockOrder lock,
      InsertStrategy inserts,
      BatchResult applied)
      throws SQLException {
    long began = System.nanoTime();
    Map<Object, OrderRows.Stored> stored = orders.read(connection, batch.stock());
    List<StockUpdate> newer =
        batch.stock().stream().filter(update -> isNewer(update, stored)).toList();
    if (newer.isEmpty()) {
      applied.took(Phase.READ, began);
      return;
    }
    Map<Object, SortedMap<String, Effect>> before = effects(newer, stored);
    Set<String> skus = skus(newer, before);
    Map<String, Stock> found =
        lock == StockLockOrder.FIRST
            ? stock.readLocked(connection, skus)
            : stock.read(connection, skus);
    began = applied.took(Phase.READ, began);
    Plan plan = Plan.of(policy, newer, before, found);
    plan.outcomes().forEach(outcome -> applied.order(outcome.state(), outcome.reason()));
    began = applied.took(Phase.PLAN, began);
    orders.claim(connection, plan.outcomes(), stored, inserts);
    began = applied.took(Phase.CLAIM, began);
    if (audit != null) {
      audit.write(connection, trail(newer, plan.outcomes(), before, origins), inserts);
      began = applied.took(Phase.AUDIT, began);
    }
    stock.create(connection, plan.newSkus());
    stock.change(connection, plan.stockChanges());
    applied.took(Phase.STOCK, began);
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

  private static List<AuditRow> trail(
      List<StockUpdate> updates,
      List<Outcome> outcomes,
      Map<Object, SortedMap<String, Effect>> before,
      Function<Update, Origin> origins) {
    List<AuditRow> trail = new ArrayList<>(outcomes.size());
    for (int i = 0; i < outcomes.size(); i++) {
      Outcome outcome = outcomes.get(i);
      Origin origin = origins.apply(updates.get(i));
      trail.add(AuditRow.of(outcome, before.get(outcome.orderId()), origin));
    }
    return trail;
  }

  private static boolean isNewer(StockUpdate update, Map<Object, OrderRows.Stored> stored) {
    OrderRows.Stored order = stored.get(update.orderId());
    return order == null || order.version() < update.version();
  }

  private static Map<Object, SortedMap<String, Effect>> effects(
      List<StockUpdate> updates, Map<Object, OrderRows.Stored> stored) {
    Map<Object, SortedMap<String, Effect>> effects = new HashMap<>();
    for (StockUpdate update : updates) {
      OrderRows.Stored order = stored.get(update.orderId());
      if (order != null) {
        effects.put(update.orderId(), order.effects());
      }
    }
    return effects;
  }

  private static Set<String> skus(
      List<StockUpdate> updates, Map<Object, SortedMap<String, Effect>> before) {
    Set<String> skus = new HashSet<>();
    for (StockUpdate update : updates) {
      if (update instanceof InventoryUpdate wish && wish.intent().movesStock()) {
        skus.addAll(wish.quantities().keySet());
      }
    }
    before.values().forEach(effects -> skus.addAll(effects.keySet()));
    return skus;
  }
}
