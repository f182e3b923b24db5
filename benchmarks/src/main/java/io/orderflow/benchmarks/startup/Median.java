package io.orderflow.benchmarks.startup;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Durations of the same thing, in milliseconds. */
final class Median {

  private final List<Double> all = new ArrayList<>();

  void add(double millis) {
    all.add(millis);
  }

  double value() {
    List<Double> sorted = new ArrayList<>(all);
    Collections.sort(sorted);
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
