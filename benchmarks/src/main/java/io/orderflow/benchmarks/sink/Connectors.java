package io.orderflow.benchmarks.sink;

import io.orderflow.benchmarks.Example;
import io.orderflow.benchmarks.measure.RunningConnector;
import io.orderflow.stack.ConnectRest;
import io.orderflow.stack.LocalStack;
import io.orderflow.stack.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the contestants have in common that are sink connectors on the stack's worker. */
record Connectors(LocalStack stack, Path root) {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** The shipped example, pointed at the run's topic and database. */
  Example example(Run run) {
    return Example.read(root, "inventory-sink.json")
        .on(stack.postgres(), run.database())
        .with("topics", run.workload().topic())
        .with("tasks.max", Integer.toString(run.tasks()));
  }

  /** Topic, tasks, converters and the consumer's settings, as in the shipped example. */
  Map<String, String> common(Run run) {
    return new LinkedHashMap<>(
        example(run).only("topics|tasks\\.max|(key|value)\\.converter.*|consumer\\..*").config());
  }

  PostgresServer postgres() {
    return stack.postgres();
  }

  /** Restarts the worker. */
  void renew() {
    RunningConnector.renewWorker(stack);
  }

  Running start(String contestant, Run run, Map<String, String> config) {
    return new Consuming(RunningConnector.start(stack, contestant + '-' + run.database(), config));
  }

  private record Consuming(RunningConnector connector) implements Running {

    @Override
    public String group() {
      return "connect-" + connector.name();
    }

    @Override
    public long pid() {
      return connector.pid();
    }

    @Override
    public void failIfEnded() {
      connector.failIfEnded();
    }

    @Override
    public void rewind() {
      ConnectRest rest = connector.rest();
      rest.stop(connector.name());
      rest.awaitState(connector.name(), "STOPPED", PATIENCE);
      rest.deleteOffsets(connector.name());
      rest.resume(connector.name());
    }

    @Override
    public void close() {
      connector.close();
    }
  }
}
