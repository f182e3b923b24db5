package io.orderflow.quickstart.verdict;

import java.util.ArrayList;
import java.util.List;

/** Whether all that the shop sold is in the topic and in the warehouse, once and no more. */
public record Verdict(List<Check> checks) {

  public Verdict {
    checks = List.copyOf(checks);
  }

  /** Compares everything with everything. */
  public static Verdict on(Evidence evidence) {
    List<Check> checks = new ArrayList<>();
    checks.addAll(OrderChecks.of(evidence));
    checks.addAll(PaymentChecks.of(evidence));
    checks.addAll(StockChecks.of(evidence));
    return new Verdict(checks);
  }

  /** How often a fault was found; 0 is what should be. */
  public long count(Fault fault) {
    return checks.stream().filter(check -> check.fault() == fault).mapToLong(Check::count).sum();
  }

  /** Whether no fault was found at all. */
  public boolean isClean() {
    return checks.stream().allMatch(check -> check.count() == 0);
  }
}
