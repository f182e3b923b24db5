package io.orderflow.quickstart.verdict;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** Whether everything that the shop sold is in the topic and in the warehouse, exactly once. */
public record Verdict(List<Check> checks) {

  private static final int EXAMPLES = 5;

  /** The ways in which the pipeline can have failed. */
  public enum Fault {
    LOST,
    DUPLICATED,
    STALE,
    OVERSOLD,
    DRIFT
  }

  /**
   * One comparison.
   *
   * @param what what is counted, in the plural: "orders that the warehouse does not have"
   * @param count how many there are; 0 if all is well
   * @param examples the first few of them, by order ID or SKU
   */
  record Check(Fault fault, String what, long count, List<String> examples) {

    static Check count(Fault fault, String what, long count) {
      return new Check(fault, what, count, List.of());
    }

    /** Counts those that are at fault. */
    static <T> Check of(
        Fault fault, String what, Collection<T> all, Predicate<? super T> isAtFault) {
      List<T> found = all.stream().filter(isAtFault).toList();
      List<String> examples = found.stream().limit(EXAMPLES).map(String::valueOf).toList();
      return new Check(fault, what, found.size(), examples);
    }

    private String line() {
      String some = examples.isEmpty() ? "" : ", e.g. " + String.join(", ", examples);
      return String.format(Locale.ROOT, "  %-12s%,10d    %s%s", "", count, what, some);
    }
  }

  public Verdict {
    checks = List.copyOf(checks);
  }

  /** Compares everything with everything. */
  public static Verdict on(Evidence evidence) {
    List<Check> checks = new ArrayList<>(OrderChecks.of(evidence));
    checks.addAll(StockChecks.of(evidence));
    return new Verdict(checks);
  }

  /** How often a fault was found. */
  long count(Fault fault) {
    return of(fault).stream().mapToLong(Check::count).sum();
  }

  private List<Check> of(Fault fault) {
    return checks.stream().filter(check -> check.fault() == fault).toList();
  }

  /** Whether no fault was found at all. */
  public boolean isClean() {
    return checks.stream().allMatch(check -> check.count() == 0);
  }

  /** Lines to print: the count of each fault, and below it the checks that found some. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>(List.of("", "  verdict"));
    for (Fault fault : Fault.values()) {
      List<Check> of = of(fault);
      lines.add(
          String.format(
              Locale.ROOT,
              "  %-12s%,10d  (%d %s)",
              fault.name().toLowerCase(Locale.ROOT),
              count(fault),
              of.size(),
              of.size() == 1 ? "check" : "checks"));
      of.stream().filter(check -> check.count() > 0).map(Check::line).forEach(lines::add);
    }
    lines.add("");
    return lines;
  }
}
