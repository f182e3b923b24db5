package io.orderflow.benchmarks.measure;

import io.orderflow.stack.ConnectRest;
import io.orderflow.stack.LocalStack;
import io.orderflow.stack.LocalWorker;
import io.orderflow.stack.RestFailure;
import java.util.Map;

/**
 * A connector on the stack's only worker.
 *
 * @param pid the worker's process
 */
public record RunningConnector(String name, ConnectRest rest, long pid) implements AtWork {

  /** Creates it; it may not have begun yet. */
  public static RunningConnector start(LocalStack stack, String name, Map<String, String> config) {
    ConnectRest rest = stack.connect().rest();
    rest.put(name, config);
    return new RunningConnector(name, rest, stack.workers().get(0).pid());
  }

  /** Restarts the worker, so that nothing in it is warm. */
  public static void renewWorker(LocalStack stack) {
    LocalWorker worker = stack.workers().get(0);
    worker.stop();
    worker.start();
  }

  /** A failure has the trace in it. */
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
  public void close() {
    rest.delete(name);
  }
}
