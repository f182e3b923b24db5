package io.orderflow.benchmarks.sink;

import io.orderflow.benchmarks.Databases;
import io.orderflow.benchmarks.Sql;
import io.orderflow.benchmarks.Topics;
import io.orderflow.benchmarks.measure.Following;
import io.orderflow.benchmarks.measure.Result;
import io.orderflow.benchmarks.measure.Running;
import io.orderflow.benchmarks.measure.Throughput;
import io.orderflow.benchmarks.sink.Contestant.Run;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Each contestant on each workload that it takes: a new process, a run that does not count, and
 * then one run for each number of tasks, each in a new database that is checked and dropped.
 */
final class SinkBenchmark {

  private final Topics topics;
  private final Databases databases;
  private final Following following;
  private final Plan plan;
  private final List<Result> results = new ArrayList<>();
  private int runs;

  /**
   * How thoroughly it is measured.
   *
   * @param tasks numbers of tasks, or threads, to measure
   * @param warmUp records of each run that does not count
   * @param renews whether each contestant gets a new process for each workload; otherwise the later
   *     ones find a worker that is warmer
   */
  record Plan(List<Integer> tasks, int warmUp, boolean renews) {}

  SinkBenchmark(Topics topics, Databases databases, Following following, Plan plan) {
    this.topics = topics;
    this.databases = databases;
    this.following = following;
    this.plan = plan;
  }

  List<Result> run(List<Workload> workloads, List<Contestant> contestants) throws Exception {
    for (Workload workload : workloads) {
      fill(workload.warmUp(plan.warmUp));
      fill(workload);
      for (Contestant contestant : contestants) {
        if (contestant.takes().test(workload)) {
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
        // A lost record shows as a run that never ends.
        Future<RecordMetadata> unused = producer.send(workload.record(i));
      }
    }
  }

  private void measure(Contestant contestant, Workload workload) throws Exception {
    if (plan.renews) {
      contestant.renew().run();
    }
    warmUp(contestant, workload.warmUp(plan.warmUp));
    for (int tasks : contestant.tasks(plan.tasks)) {
      Run run = new Run(workload, tasks, nextDatabase());
      try {
        measure(contestant, run);
      } catch (RuntimeException | SQLException e) {
        add(
            new Result(
                workload.name(),
                contestant.kind(),
                contestant.name(),
                tasks,
                null,
                Result.problem(e)));
      }
      databases.drop(run.database());
    }
  }

  private void warmUp(Contestant contestant, Workload some) throws Exception {
    int maxTasks = plan.tasks.stream().mapToInt(Integer::intValue).max().orElse(2);
    Run run = new Run(some, Math.min(2, maxTasks), nextDatabase());
    create(run);
    try (Running running = contestant.start().apply(run)) {
      var unused = follow(run, running);
    } catch (RuntimeException e) {
      System.err.println(contestant.name() + ", warm-up: " + e.getMessage());
    }
    databases.drop(run.database());
  }

  /** Creates the database of a run; what was dirty before is on disk afterwards. */
  private void create(Run run) throws SQLException {
    databases.create(run.database(), "warehouse-install.sql");
    try (Connection warehouse = databases.connect(run.database())) {
      run.workload().prepare(warehouse);
      Sql.execute(warehouse, "CHECKPOINT");
    }
  }

  private void measure(Contestant contestant, Run run) throws Exception {
    create(run);
    try (Running running = contestant.start().apply(run)) {
      measure(contestant, run, running, run.workload().name());
      if (contestant.isReplayed(run)) {
        running.stop();
        running.deleteOffsets();
        running.resume();
        measure(contestant, run, running, Report.replayOf(run.workload().name()));
      }
    }
  }

  private void measure(Contestant contestant, Run run, Running running, String name)
      throws Exception {
    Throughput throughput = follow(run, running);
    if (contestant.writes()) {
      try (Connection warehouse = databases.connect(run.database())) {
        run.workload().check(warehouse);
      }
    }
    add(new Result(name, contestant.kind(), contestant.name(), run.tasks(), throughput, null));
  }

  /** By committed offsets: workers commit every 100 ms, programs after each transaction. */
  private Throughput follow(Run run, Running running) throws InterruptedException {
    int count = run.workload().count();
    try (Admin admin = topics.admin()) {
      return following.follow(
          running, () -> topics.committedOffsets(admin, running.group()), count, count);
    }
  }

  private void add(Result result) {
    results.add(result);
    System.err.println(result);
  }

  private String nextDatabase() {
    return "warehouse_" + ++runs;
  }
}
