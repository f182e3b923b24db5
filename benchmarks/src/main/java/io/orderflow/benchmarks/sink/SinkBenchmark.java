package io.orderflow.benchmarks.sink;

import io.orderflow.benchmarks.Topics;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Each contestant on each workload that it takes: a new process, a run that does not count, and
 * then one run for each number of tasks, each in a new database that is checked and dropped.
 */
final class SinkBenchmark {

  private final Topics topics;
  private final Warehouses warehouses;
  private final Progress progress;
  private final Plan plan;
  private final List<Result> results = new ArrayList<>();
  private int runs;

  SinkBenchmark(Topics topics, Warehouses warehouses, Progress progress, Plan plan) {
    this.topics = topics;
    this.warehouses = warehouses;
    this.progress = progress;
    this.plan = plan;
  }

  List<Result> run(List<Workload> workloads, List<Contestant> contestants) throws Exception {
    for (Workload workload : workloads) {
      fill(plan.warmUp(workload));
      fill(workload);
      for (Contestant contestant : contestants) {
        if (contestant.takes(workload)) {
          measure(contestant, workload);
        }
      }
    }
    return List.copyOf(results);
  }

  private void fill(Workload workload) {
    topics.create(workload.topic());
    try (KafkaProducer<byte[], byte[]> producer = topics.producer()) {
      for (int i = 0; i < workload.count(); i++) {
        // What does not arrive shows as records that are never applied.
        Future<RecordMetadata> unused = producer.send(workload.record(i));
      }
    }
  }

  private void measure(Contestant contestant, Workload workload) throws Exception {
    if (plan.renews()) {
      contestant.renew();
    }
    warmUp(contestant, workload);
    for (int tasks : contestant.tasks(plan.tasks())) {
      Run run = new Run(workload, tasks, nextDatabase());
      try {
        measure(contestant, run);
      } catch (RuntimeException | SQLException e) {
        results.add(Result.failed(contestant, run, String.valueOf(e.getMessage())));
        System.err.println(contestant.name() + ", " + workload.name() + ": " + e);
      }
      warehouses.drop(run);
    }
  }

  private void warmUp(Contestant contestant, Workload workload) throws Exception {
    Workload some = plan.warmUp(workload);
    Run run = new Run(some, plan.warmUpTasks(), nextDatabase());
    warehouses.create(run);
    try (Running running = contestant.start(run)) {
      progress.follow(running, some.count());
    } catch (RuntimeException e) {
      System.err.println(contestant.name() + ", warm-up: " + e.getMessage());
    }
    warehouses.drop(run);
  }

  private void measure(Contestant contestant, Run run) throws Exception {
    warehouses.create(run);
    try (Running running = contestant.start(run)) {
      follow(contestant, run, running, run.workload().name());
      if (contestant.isReplayed(run)) {
        running.rewind();
        follow(contestant, run, running, Side.replayOf(run.workload().name()));
      }
    }
  }

  private void follow(Contestant contestant, Run run, Running running, String name)
      throws Exception {
    Pass pass = progress.follow(running, run.workload().count());
    if (contestant.writes()) {
      warehouses.check(run);
    }
    Result result = Result.of(contestant, run, name, pass);
    results.add(result);
    System.err.printf(
        "%s: %s, %d: %,.0f/s%n", name, contestant.name(), run.tasks(), result.recordsPerSecond());
  }

  private String nextDatabase() {
    return "warehouse_" + ++runs;
  }
}
