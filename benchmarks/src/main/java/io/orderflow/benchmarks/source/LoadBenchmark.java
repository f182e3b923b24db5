package io.orderflow.benchmarks.source;

import io.orderflow.benchmarks.Topics;
import io.orderflow.benchmarks.measure.AtWork;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The load of a shop that is there: each contestant in a new process, after a load that does not
 * count, once for each number of tasks.
 */
final class LoadBenchmark {

  private static final String SHOP = "shop";
  private static final String SMALL_SHOP = "small_shop";

  private final Topics topics;
  private final Shops shops;
  private final Following following;
  private final LoadPlan plan;
  private final List<LoadResult> results = new ArrayList<>();
  private int runs;

  /**
   * How thoroughly it is measured.
   *
   * @param tasks numbers of tasks, or threads, to measure
   * @param warmUp orders of the load that does not count
   * @param renews whether each contestant gets a new process
   */
  record LoadPlan(int orders, List<Integer> tasks, int warmUp, boolean renews) {}

  LoadBenchmark(Topics topics, Shops shops, Following following, LoadPlan plan) {
    this.topics = topics;
    this.shops = shops;
    this.following = following;
    this.plan = plan;
  }

  List<LoadResult> run(List<Contestant> contestants) throws Exception {
    for (Map.Entry<String, Integer> shop :
        Map.of(SMALL_SHOP, plan.warmUp, SHOP, plan.orders).entrySet()) {
      shops.create(shop.getKey(), shop.getValue());
      shops.track(shop.getKey());
    }
    for (Contestant contestant : contestants) {
      // The first one finds a new process anyway, and a worker that has just begun stops badly.
      if (plan.renews && runs > 0) {
        contestant.renew();
      }
      warmUp(contestant);
      for (int tasks : contestant.tasks(plan.tasks)) {
        measure(contestant, tasks);
      }
    }
    return List.copyOf(results);
  }

  private void warmUp(Contestant contestant) throws Exception {
    int most = contestant.tasks(plan.tasks).stream().mapToInt(Integer::intValue).max().orElse(1);
    try {
      load(contestant, new Run(nextName(), SMALL_SHOP, plan.warmUp, Math.min(2, most)));
    } catch (RuntimeException e) {
      System.err.println(contestant.name() + ", warm-up: " + e.getMessage());
    }
  }

  private void measure(Contestant contestant, int tasks) throws Exception {
    try {
      Load load = load(contestant, new Run(nextName(), SHOP, plan.orders, tasks));
      results.add(new LoadResult(contestant.kind(), contestant.name(), tasks, load, null));
      System.err.printf(
          "%s, %d: %,.0f orders/s, %.1f CPU s/million%n",
          contestant.name(), tasks, load.ordersPerSecond(), load.cpuPerMillion());
    } catch (RuntimeException | SQLException e) {
      String problem = String.valueOf(e.getMessage()).lines().findFirst().orElse("failed");
      results.add(new LoadResult(contestant.kind(), contestant.name(), tasks, null, problem));
      System.err.println(contestant.name() + ": " + e);
    }
  }

  private Load load(Contestant contestant, Run run) throws Exception {
    List<String> into = contestant.topics(run);
    into.forEach(topics::create);
    Content content = contestant.content(run.orders());
    Load load;
    try (AtWork running = contestant.start(run)) {
      load = following.follow(running, into, content, run.orders());
    } finally {
      shops.cleanUp(run.database());
    }
    topics.readAll(into, content::take);
    content.check();
    topics.delete(into);
    return load;
  }

  private String nextName() {
    return "load-" + ++runs;
  }
}
