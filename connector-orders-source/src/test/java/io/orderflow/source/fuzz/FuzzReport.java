package io.orderflow.source.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts what many seeds have shown. */
final class FuzzReport {

  private final List<String> failures = new ArrayList<>();
  private final Map<String, Integer> kinds = new TreeMap<>();
  private final Map<String, Integer> refused = new TreeMap<>();
  private int seeds;
  private long transactions;
  private long events;

  void add(SeedResult result) {
    seeds++;
    transactions += result.transactions();
    events += result.events();
    result.tables().kinds().forEach(kind -> kinds.merge(kind, 1, Integer::sum));
    result.refused().forEach(reason -> refused.merge(reason, 1, Integer::sum));
    if (result.failure() != null) {
      failures.add(result.failure());
      System.out.println("=== " + result.failure());
    }
  }

  List<String> failures() {
    return failures;
  }

  void print() {
    System.out.printf(
        "%d seeds, %d transactions, %d events compared, %d failures%n",
        seeds, transactions, events, failures.size());
    System.out.println("refused: " + refused);
    System.out.println("tables: " + kinds);
  }
}
