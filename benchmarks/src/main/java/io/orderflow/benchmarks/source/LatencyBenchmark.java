package io.orderflow.benchmarks.source;

import io.orderflow.benchmarks.Topics;
import io.orderflow.benchmarks.measure.AtWork;
import java.util.ArrayList;
import java.util.List;

/**
 * Orders that are placed at a steady rate: how long from the commit to a read_committed consumer.
 * Each contestant at each rate has a new shop.
 */
final class LatencyBenchmark {

  /** More orders than are placed before the first one is seen. */
  private static final int PROBES = 10_000;

  private final Topics topics;
  private final Shops shops;
  private final LatencyPlan plan;
  private final List<LatencyResult> results = new ArrayList<>();
  private int runs;

  /**
   * How thoroughly it is measured.
   *
   * @param rates orders to place in a second
   * @param warmUpSeconds at the same rate, not measured; enough for the process to be warm
   * @param renews whether each contestant gets a new process
   */
  record LatencyPlan(List<Integer> rates, int warmUpSeconds, int seconds, boolean renews) {}

  LatencyBenchmark(Topics topics, Shops shops, LatencyPlan plan) {
    this.topics = topics;
    this.shops = shops;
    this.plan = plan;
  }

  List<LatencyResult> run(List<Contestant> contestants) throws Exception {
    for (Contestant contestant : contestants) {
      // The first one finds a new process anyway, and a worker that has just begun stops badly.
      if (plan.renews && runs > 0) {
        contestant.renew();
      }
      for (int rate : plan.rates) {
        measure(contestant, rate);
      }
    }
    return List.copyOf(results);
  }

  private void measure(Contestant contestant, int rate) throws Exception {
    String name = "latency_" + ++runs;
    Run run = new Run(name, name, 0, 1);
    shops.create(run.database(), 0);
    if (contestant.needsTracking()) {
      shops.track(run.database());
    }
    try {
      Latency latency = measure(contestant, run, rate);
      results.add(new LatencyResult(contestant.kind(), contestant.name(), rate, latency, null));
      System.err.printf(
          "%s, %d/s: p50 %.1f ms, p99 %.1f ms%n",
          contestant.name(), rate, latency.millis(Quantile.P50), latency.millis(Quantile.P99));
    } catch (RuntimeException e) {
      String problem = String.valueOf(e.getMessage()).lines().findFirst().orElse("failed");
      results.add(new LatencyResult(contestant.kind(), contestant.name(), rate, null, problem));
      System.err.println(contestant.name() + ": " + e);
      // A task that hangs outlives its connector.
      contestant.renew();
    }
    shops.cleanUp(run.database());
    shops.drop(run.database());
  }

  private Latency measure(Contestant contestant, Run run, int rate) throws Exception {
    List<String> into = contestant.topics(run);
    into.forEach(topics::create);
    int most = PROBES + rate * (plan.warmUpSeconds + plan.seconds);
    try (AtWork running = contestant.start(run);
        Arrivals arrivals = new Arrivals(topics.consumer(into), contestant::recordsOf, most);
        OrderPlacing placing = new OrderPlacing(shops, run.database())) {
      placing.untilSeen(arrivals, running);
      placing.at(rate, plan.warmUpSeconds);
      // What a cold process could not keep up with is no part of what is measured.
      arrivals.awaitAll(placing.placed(), running);
      long first = placing.placed() + 1;
      double placed = placing.at(rate, plan.seconds);
      long last = placing.placed();
      arrivals.awaitAll(last, running);
      return Latency.of(placing.latencies(first, last, arrivals), placed);
    }
  }
}
