package io.orderflow.benchmarks.source;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table of loads.
 *
 * @param load null if it failed
 * @param problem why it failed, else null
 */
record LoadResult(
    String kind, String contestant, int tasks, @Nullable Load load, @Nullable String problem)
    implements Outcome {

  /** A figure of a kind's loads that did not fail. */
  static DoubleStream of(List<LoadResult> results, String kind, ToDoubleFunction<Load> figure) {
    return results.stream()
        .filter(result -> result.kind.equals(kind))
        .flatMap(result -> Stream.ofNullable(result.load))
        .mapToDouble(figure);
  }
}
