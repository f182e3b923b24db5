package io.orderflow.sink.warehouse;

import io.orderflow.sink.plan.Reason;
import io.orderflow.sink.plan.State;
import io.orderflow.sink.update.PaymentUpdate;
import io.orderflow.sink.update.StockUpdate;
import io.orderflow.sink.update.Update;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What came of updates that were applied, and what the time went to. For one thread. */
public final class BatchResult {

  /** What became of an order. */
  public record Verdict(State state, @Nullable Reason reason) {}

  private final Map<Phase, Long> nanos = new EnumMap<>(Phase.class);
  private final Map<Verdict, Long> orders = new HashMap<>();
  private final int conflicts;
  private long staleOrders;
  private long payments;
  private long stalePayments;

  private BatchResult(int conflicts) {
    this.conflicts = conflicts;
  }

  /**
   * None of them is applied yet.
   *
   * @param conflicts how many attempts have failed before
   */
  static BatchResult begin(List<Update> updates, int conflicts) {
    BatchResult applied = new BatchResult(conflicts);
    for (Update update : updates) {
      if (update instanceof StockUpdate) {
        applied.staleOrders++;
      } else if (update instanceof PaymentUpdate) {
        applied.stalePayments++;
      }
    }
    return applied;
  }

  /** Notes that a step took from then until now; returns the present, as System.nanoTime. */
  long took(Phase step, long began) {
    long now = System.nanoTime();
    nanos.merge(step, now - began, Long::sum);
    return now;
  }

  void order(State state, @Nullable Reason reason) {
    orders.merge(new Verdict(state, reason), 1L, Long::sum);
    staleOrders--;
  }

  void paid(List<PaymentRow> rows) {
    for (PaymentRow row : rows) {
      if (row.payment() != null) {
        payments++;
        stalePayments--;
      }
    }
  }

  public Map<Phase, Long> nanos() {
    return nanos;
  }

  /** How many orders became what. */
  public Map<Verdict, Long> orders() {
    return orders;
  }

  /** Updates of orders that were no newer than what is stored, or than another in the batch. */
  public long staleOrders() {
    return staleOrders;
  }

  /** Payments that were written. */
  public long payments() {
    return payments;
  }

  /** The same of payments; amounts due go with their orders, and are not counted. */
  public long stalePayments() {
    return stalePayments;
  }

  /** How often another transaction was faster, and all was done again. */
  public int conflicts() {
    return conflicts;
  }
}
