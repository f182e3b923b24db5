package io.orderflow.benchmarks.source;

import io.orderflow.benchmarks.Example;
import io.orderflow.benchmarks.measure.AtWork;
import io.orderflow.benchmarks.measure.RunningConnector;
import io.orderflow.stack.LocalStack;
import io.orderflow.stack.PostgresServer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the contestants have in common that are source connectors on the stack's worker.
 *
 * @param trial settings given on the command line, for every connector
 */
record Connectors(LocalStack stack, Path root, Map<String, String> trial) {

  private static final String OF_CONNECT =
      "tasks\\.max|exactly\\.once\\.support|(key|value)\\.converter.*";

  /** The shipped example, pointed at the run's database and topic. */
  Example example(Run run) {
    return Example.read(root, "orders-source.json")
        .on(stack.postgres(), run.database())
        .with("topic", run.name())
        .with("tasks.max", Integer.toString(run.tasks()));
  }

  /** What of the example is Connect's own: tasks, exactly once, converters, and the producer's. */
  Map<String, String> common(Run run) {
    return example(run).only(OF_CONNECT + "|producer\\..*").config();
  }

  /** The same, with the producer as Connect sets it by itself. */
  Map<String, String> withoutProducer(Run run) {
    return example(run).only(OF_CONNECT).config();
  }

  PostgresServer postgres() {
    return stack.postgres();
  }

  void renew() {
    RunningConnector.renewWorker(stack);
  }

  AtWork start(Run run, Map<String, String> config) {
    Map<String, String> all = new LinkedHashMap<>(config);
    all.putAll(trial);
    return RunningConnector.start(stack, run.name(), all);
  }
}
