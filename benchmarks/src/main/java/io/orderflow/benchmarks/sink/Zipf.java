package io.orderflow.benchmarks.sink;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Popularity as it is in life: the n-th most popular is wanted 1/n times as often as the first. */
final class Zipf {

  private final double[] cumulated;

  Zipf(int size) {
    cumulated = new double[size];
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += 1.0 / (i + 1);
      cumulated[i] = sum;
    }
  }

  int size() {
    return cumulated.length;
  }

  /** From 0, the most popular, to one less than the size. */
  int next(RandomGenerator random) {
    double drawn = random.nextDouble() * cumulated[cumulated.length - 1];
    int found = Arrays.binarySearch(cumulated, drawn);
    return Math.min(found < 0 ? -found - 1 : found, cumulated.length - 1);
  }
}
