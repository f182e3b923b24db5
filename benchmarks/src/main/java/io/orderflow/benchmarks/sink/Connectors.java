package io.orderflow.benchmarks.sink;

import io.orderflow.benchmarks.Example;
import io.orderflow.stack.ConnectRest;
import io.orderflow.stack.LocalStack;
import io.orderflow.stack.LocalWorker;
import io.orderflow.stack.PostgresServer;
import io.orderflow.stack.RestFailure;
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
    Map<String, String> config = new LinkedHashMap<>();
    example(run)
        .config()
        .forEach(
            (key, value) -> {
              if (key.matches("topics|tasks\\.max|(key|value)\\.converter.*|consumer\\..*")) {
                config.put(key, value);
              }
            });
    return config;
  }

  PostgresServer postgres() {
    return stack.postgres();
  }

  /** Restarts the worker. */
  void renew() {
    LocalWorker worker = stack.workers().get(0);
    worker.stop();
    worker.start();
  }

  Running start(String contestant, Run run, Map<String, String> config) {
    String name = contestant + '-' + run.database();
    ConnectRest rest = stack.connect().rest();
    rest.put(name, config);
    return new Connector(name, rest, stack.workers().get(0).pid());
  }

  private record Connector(String name, ConnectRest rest, long pid) implements Running {

    @Override
    public String group() {
      return "connect-" + name;
    }

    @Override
    public void failIfEnded() {
      try {
        String failures = rest.status(name).failures();
        if (!failures.isEmpty()) {
          throw new IllegalStateException(name + " has failed. " + failures);
        }
      } catch (RestFailure e) {
        // A connector has no status until it has been assigned to a worker.
        if (e.status() != 404) {
          throw e;
        }
      }
    }

    @Override
    public void rewind() {
      rest.stop(name);
      rest.awaitState(name, "STOPPED", PATIENCE);
      rest.deleteOffsets(name);
      rest.resume(name);
    }

    @Override
    public void close() {
      rest.delete(name);
    }
  }
}
