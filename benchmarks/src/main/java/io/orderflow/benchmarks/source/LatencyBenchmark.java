package io.orderflow.benchmarks.source;

import io.orderflow.benchmarks.Topics;
import io.orderflow.benchmarks.measure.Cpu;
import io.orderflow.benchmarks.measure.Result;
import io.orderflow.benchmarks.measure.Running;
import io.orderflow.benchmarks.source.Contestant.Run;
import io.orderflow.benchmarks.source.LatencyResult.Latency;
import io.orderflow.stack.LocalStack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Orders placed at a steady rate: the time from the commit to a read_committed consumer. Each
 * contestant at each rate has a new shop.
 */
final class LatencyBenchmark {

  /** More orders than are placed before the first one is seen. */
  private static final int PROBES = 10_000;

  private final LocalStack stack;
  private final Topics topics;
  private final Shops shops;
  private final LatencyPlan plan;
  private final List<LatencyResult> results = new ArrayList<>();
  private int runs;

  /**
   * How thoroughly it is measured.
   *
   * @param rates orders to place in a second
   * @param rehearsalSeconds at the highest rate, not measured: what compilers would else take from
   *     both processors while it is
   * @param warmUpSeconds at the same rate, not measured
   * @param renews whether each contestant gets a new process
   */
  record LatencyPlan(
      List<Integer> rates, int rehearsalSeconds, int warmUpSeconds, int seconds, boolean renews) {}

  /** Orders that are placed in one shop. */
  private record Pace(int rate, int warmUpSeconds, int seconds) {}

  LatencyBenchmark(LocalStack stack, Shops shops, LatencyPlan plan) {
    this.stack = stack;
    this.topics = new Topics(stack.kafka().bootstrapServers());
    this.shops = shops;
    this.plan = plan;
  }

  List<LatencyResult> run(List<Contestant> contestants) throws Exception {
    for (Contestant contestant : contestants) {
      // The first one finds a new process anyway, and a worker that has just begun stops badly.
      if (plan.renews && runs > 0) {
        contestant.renew().run();
      }
      // With the first one, the broker and this process are new, too.
      for (int rehearsals = runs > 0 ? 1 : 2; rehearsals > 0; rehearsals--) {
        LatencyResult rehearsed =
            measure(contestant, new Pace(Collections.max(plan.rates), plan.rehearsalSeconds, 1));
        if (rehearsed.failed()) {
          // Its process is new now, so its figures are not comparable with the others'.
          System.err.println("The rehearsal failed: " + rehearsed);
        }
      }
      for (int rate : plan.rates) {
        LatencyResult result =
            measure(contestant, new Pace(rate, plan.warmUpSeconds, plan.seconds));
        results.add(result);
        System.err.println(result);
      }
    }
    return List.copyOf(results);
  }

  private LatencyResult measure(Contestant contestant, Pace pace) throws Exception {
    String name = "latency_" + ++runs;
    Run run = new Run(name, name, 0, 1);
    shops.create(run.database(), 0);
    if (contestant.needsTracking()) {
      shops.track(run.database());
    }
    Latency latency = null;
    String problem = null;
    try {
      latency = measure(contestant, run, pace);
    } catch (RuntimeException e) {
      problem = Result.problem(e);
      System.err.println(contestant.name() + ": " + e);
      // A hanging task outlives its connector.
      contestant.renew().run();
    }
    shops.dropSlot(run.database());
    shops.drop(run.database());
    return new LatencyResult(contestant.kind(), contestant.name(), pace.rate, latency, problem);
  }

  private Latency measure(Contestant contestant, Run run, Pace pace) throws Exception {
    List<String> into = contestant.topics(run);
    into.forEach(topics::create);
    int maxId = PROBES + pace.rate * (pace.warmUpSeconds + pace.seconds);
    try (Running running = contestant.start().apply(run);
        Arrivals arrivals = new Arrivals(topics.consumer(into), contestant::recordsOf, maxId);
        OrderPlacing placing = new OrderPlacing(shops, run.database())) {
      placing.untilSeen(arrivals, running);
      placing.at(pace.rate, pace.warmUpSeconds);
      // The lag of a cold process is not measured.
      arrivals.awaitAll(placing.placed(), running);
      long first = placing.placed() + 1;
      Cpu cpuBefore = Cpu.read(stack, running.pid());
      long start = System.nanoTime();
      double placed = placing.at(pace.rate, pace.seconds);
      long last = placing.placed();
      arrivals.awaitAll(last, running);
      Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
      Cpu cpu = Cpu.read(stack, running.pid()).minus(cpuBefore);
      return new Latency(placing.latencies(first, last, arrivals), placed, elapsed, cpu);
    }
  }
}
