package io.orderflow.sink.warehouse;

import io.orderflow.sink.plan.Outcome;
import io.orderflow.sink.plan.Reason;
import io.orderflow.sink.plan.State;
import io.orderflow.sink.update.Keep;
import io.orderflow.sink.update.LatestVersions;
import io.orderflow.sink.update.StockDocument;
import io.orderflow.sink.update.StockUpdate;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The result of one transaction: counts of what it changed, and the time each phase took. */
public final class BatchResult {

  /**
   * The state of an order or of a stock document, with the reason for it.
   *
   * @param isOfDocument whether the version that was applied is one of a document
   */
  public record OrderState(boolean isOfDocument, State state, @Nullable Reason reason) {}

  private final LatestVersions batch;
  private final Map<Phase, Long> nanos = new EnumMap<>(Phase.class);
  private final Map<OrderState, Long> orders = new HashMap<>();
  private long payments;

  BatchResult(LatestVersions batch) {
    this.batch = batch;
  }

  /**
   * Adds to a phase the time since it began.
   *
   * @return the present, on the clock of {@link System#nanoTime}
   */
  long addPhase(Phase phase, long began) {
    long now = System.nanoTime();
    nanos.merge(phase, now - began, Long::sum);
    return now;
  }

  /**
   * Adds the orders and documents that changed.
   *
   * @param outcomes one for each of the updates, in the same order
   */
  void addOrders(List<StockUpdate> updates, List<Outcome> outcomes) {
    for (int i = 0; i < outcomes.size(); i++) {
      Outcome outcome = outcomes.get(i);
      orders.merge(
          new OrderState(isOfDocument(updates.get(i)), outcome.state(), outcome.reason()),
          1L,
          Long::sum);
    }
  }

  private static boolean isOfDocument(StockUpdate update) {
    return update instanceof StockDocument
        || (update instanceof Keep keep && keep.earlier() instanceof StockDocument);
  }

  void addPayments(List<PaymentRow> written) {
    payments += written.stream().filter(row -> row.payment() != null).count();
  }

  void addOrderPayments(List<OrderPaymentRow> written) {
    payments += written.size();
  }

  public Map<Phase, Long> nanos() {
    return nanos;
  }

  /** Orders and documents that changed, by their new state. */
  public Map<OrderState, Long> orders() {
    return orders;
  }

  /** Payments that were written. */
  public long payments() {
    return payments;
  }

  /** Updates of orders that changed nothing: no newer than what is stored, or than another one. */
  public long staleOrders() {
    long changed = orders.values().stream().mapToLong(Long::longValue).sum();
    return batch.receivedStock() - changed;
  }

  /** Payment updates that changed nothing. Amounts due come with their orders and do not count. */
  public long stalePayments() {
    return batch.receivedPayments() - payments;
  }
}
