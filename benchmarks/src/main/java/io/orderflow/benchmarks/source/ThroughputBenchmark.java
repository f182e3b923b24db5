package io.orderflow.benchmarks.source;

import io.orderflow.benchmarks.Topics;
import io.orderflow.benchmarks.Waiting;
import io.orderflow.benchmarks.measure.Following;
import io.orderflow.benchmarks.measure.Result;
import io.orderflow.benchmarks.measure.Running;
import io.orderflow.benchmarks.measure.Throughput;
import io.orderflow.benchmarks.source.Contestant.Run;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;

/**
 * Many orders at once: each contestant in a new process, after a run that does not count, once for
 * each number of tasks.
 */
final class ThroughputBenchmark {

  /** The snapshot of a shop that exists when the connector starts. */
  static final String SNAPSHOT = "snapshot";

  /**
   * Orders that were committed while the connector was stopped: its slot exists, and each order
   * with its items is one transaction in the log.
   */
  static final String CATCH_UP = "catch-up";

  /** Orders that show that capture has begun; the second one comes from the log in any case. */
  private static final int PROBES = 2;

  private final String workload;
  private final Topics topics;
  private final Shops shops;
  private final Following following;
  private final Plan plan;
  private final List<Result> results = new ArrayList<>();
  private int runs;

  /**
   * How thoroughly it is measured.
   *
   * @param tasks numbers of tasks, or threads, to measure
   * @param warmUp orders of the run that does not count
   * @param renews whether each contestant gets a new process
   */
  record Plan(int orders, List<Integer> tasks, int warmUp, boolean renews) {}

  ThroughputBenchmark(String workload, Topics topics, Shops shops, Following following, Plan plan) {
    this.workload = workload;
    this.topics = topics;
    this.shops = shops;
    this.following = following;
    this.plan = plan;
  }

  List<Result> run(List<Contestant> contestants) throws Exception {
    if (workload.equals(SNAPSHOT)) {
      createShop(plan.warmUp);
      createShop(plan.orders);
    }
    for (Contestant contestant : contestants) {
      // The first one finds a new process anyway, and a worker that has just begun stops badly.
      if (plan.renews && runs > 0) {
        contestant.renew().run();
      }
      List<Integer> tasks = workload.equals(SNAPSHOT) ? contestant.tasks(plan.tasks) : List.of(1);
      int maxTasks = tasks.stream().mapToInt(Integer::intValue).max().orElse(1);
      Result warmUp = measure(contestant, plan.warmUp, Math.min(2, maxTasks));
      if (warmUp.failed()) {
        System.err.println("Warm-up of " + warmUp);
      }
      for (int each : tasks) {
        Result result = measure(contestant, plan.orders, each);
        results.add(result);
        System.err.println(result);
      }
    }
    return List.copyOf(results);
  }

  private void createShop(int orders) throws SQLException {
    shops.create("shop_" + orders, orders);
    shops.track("shop_" + orders);
  }

  private Result measure(Contestant contestant, int orders, int tasks) throws Exception {
    String name = workload.replace('-', '_') + '_' + ++runs;
    Throughput throughput = null;
    String problem = null;
    try {
      throughput =
          workload.equals(SNAPSHOT)
              ? snapshot(contestant, new Run(name, "shop_" + orders, orders, tasks))
              : catchUp(contestant, new Run(name, name, orders, tasks));
    } catch (RuntimeException e) {
      problem = Result.problem(e);
    }
    return new Result(workload, contestant.kind(), contestant.name(), tasks, throughput, problem);
  }

  private Throughput snapshot(Contestant contestant, Run run) throws Exception {
    contestant.topics(run).forEach(topics::create);
    Throughput throughput;
    try (Running running = contestant.start().apply(run)) {
      throughput = follow(contestant, run, running, 0);
    } finally {
      shops.dropSlot(run.database());
    }
    check(contestant, run);
    return throughput;
  }

  private Throughput catchUp(Contestant contestant, Run run) throws Exception {
    shops.create(run.database(), 0);
    contestant.topics(run).forEach(topics::create);
    Throughput throughput;
    try (Running running = contestant.start().apply(run);
        Connection shop = shops.connect(run.database())) {
      shops.awaitSlot(run.database());
      probe(contestant, run, running, shop);
      running.stop();
      shops.awaitIdleSlot(run.database());
      ShopOrders.placeOneByOne(shop, PROBES + 1, run.orders());
      throughput = follow(contestant, run, running, PROBES);
    } finally {
      shops.dropSlot(run.database());
    }
    shops.drop(run.database());
    check(contestant, run);
    return throughput;
  }

  private void probe(Contestant contestant, Run run, Running running, Connection shop)
      throws Exception {
    try (Arrivals arrivals =
        new Arrivals(topics.consumer(contestant.topics(run)), contestant::recordsOf, PROBES)) {
      for (int probe = 1; probe <= PROBES; probe++) {
        ShopOrders.place(shop, probe, probe);
        int order = probe;
        Waiting.until(
            "Arrival of order " + order,
            Duration.ofMillis(50),
            () -> {
              running.failIfEnded();
              return arrivals.whole() == order;
            });
      }
    }
  }

  /**
   * Follows a run to its end.
   *
   * @param probes orders that it has captured before it was stopped; 0 if it was not stopped
   */
  private Throughput follow(Contestant contestant, Run run, Running running, int probes)
      throws InterruptedException {
    List<String> into = contestant.topics(run);
    long probeRecords = LongStream.rangeClosed(1, probes).map(contestant::recordsOf).sum();
    try (Admin admin = topics.admin()) {
      long before = probes == 0 ? 0 : topics.committedEnd(admin, into);
      if (probes > 0) {
        running.resume();
      }
      return following.follow(
          running,
          () -> topics.committedEnd(admin, into) - before,
          contestant.content(run.orders()).records() - probeRecords,
          run.orders() - probes);
    }
  }

  private void check(Contestant contestant, Run run) {
    List<String> into = contestant.topics(run);
    Content content = contestant.content(run.orders());
    topics.readAll(into, content::take);
    content.check();
    topics.delete(into);
  }
}
