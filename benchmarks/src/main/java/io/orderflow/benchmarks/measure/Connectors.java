package io.orderflow.benchmarks.measure;

import io.orderflow.benchmarks.Benchmarks;
import io.orderflow.benchmarks.Example;
import io.orderflow.stack.ConnectRest;
import io.orderflow.stack.LocalStack;
import io.orderflow.stack.LocalWorker;
import io.orderflow.stack.RestFailure;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Connectors on the only worker of a stack.
 *
 * @param trial settings given on the command line, for every connector
 */
public record Connectors(LocalStack stack, Map<String, String> trial) {

  private static final Duration STOPS_WITHIN = Duration.ofMinutes(1);

  /** A shipped example, pointed at a database. */
  public Example example(String file, String database) {
    return Example.read(Benchmarks.root(), file).on(stack.postgres(), database);
  }

  /** Restarts the worker, so that nothing in it is warm. */
  public void renew() {
    LocalWorker worker = stack.workers().get(0);
    worker.stop();
    worker.start();
  }

  /** Creates a connector; its tasks may not run yet. */
  public Running start(String name, Map<String, String> config) {
    Map<String, String> all = new LinkedHashMap<>(config);
    all.putAll(trial);
    ConnectRest rest = stack.connect().rest();
    rest.put(name, all);
    return new RunningConnector(name, rest, stack.workers().get(0).pid());
  }

  private record RunningConnector(String name, ConnectRest rest, long pid) implements Running {

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
    public String group() {
      return "connect-" + name;
    }

    @Override
    public void stop() {
      rest.stop(name);
      var unused = rest.awaitState(name, "STOPPED", STOPS_WITHIN);
    }

    @Override
    public void resume() {
      rest.resume(name);
    }

    @Override
    public void deleteOffsets() {
      var unused = rest.deleteOffsets(name);
    }

    @Override
    public void close() {
      rest.delete(name);
    }
  }
}
