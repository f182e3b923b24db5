package io.orderflow.quickstart.verdict;

import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/**
 * One thing that was looked at.
 *
 * @param what what is counted, in the plural: "orders that the warehouse does not have"
 * @param count how many there are; 0 is what should be
 * @param examples the first few of them, by order ID or SKU
 */
public record Check(Fault fault, String what, long count, List<String> examples) {

  private static final int EXAMPLES = 5;

  static Check count(Fault fault, String what, long count) {
    return new Check(fault, what, count, List.of());
  }

  /** Counts those of all that are at fault. */
  static <T> Check of(Fault fault, String what, Collection<T> all, Predicate<? super T> isAtFault) {
    List<T> found = all.stream().filter(isAtFault).toList();
    List<String> examples = found.stream().limit(EXAMPLES).map(String::valueOf).toList();
    return new Check(fault, what, found.size(), examples);
  }
}
