package io.orderflow.quickstart;

import io.orderflow.quickstart.view.View;
import io.orderflow.stack.ConnectRest;
import io.orderflow.stack.LocalWorker;
import io.orderflow.stack.LocalWorkers;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Kills the worker with the most tasks, as a crash would, and starts it again. */
final class WorkerKill {

  private static final long DOWN_SECONDS = 3;

  private final LocalWorkers workers;
  private final List<String> connectors;
  private final View view;

  WorkerKill(LocalWorkers workers, List<String> connectors, View view) {
    this.workers = workers;
    this.connectors = connectors;
    this.view = view;
  }

  /** Kills after a delay; the future completes once the worker runs again. */
  CompletableFuture<Void> after(Duration delay) {
    return CompletableFuture.runAsync(
        this::run, CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS));
  }

  private void run() {
    LocalWorker victim = busiest();
    long pid = victim.pid();
    victim.killHard();
    view.say("kill -9: the worker at %s, process %d, was killed".formatted(victim.uri(), pid));
    try {
      TimeUnit.SECONDS.sleep(DOWN_SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    victim.start();
    view.say("the worker at %s runs again, process %d".formatted(victim.uri(), victim.pid()));
  }

  private LocalWorker busiest() {
    ConnectRest rest = workers.rest();
    List<String> busy =
        connectors.stream()
            .flatMap(name -> rest.status(name).tasks().stream())
            .map(task -> task.workerId())
            .toList();
    return workers.all().stream()
        .max(
            Comparator.comparingLong(
                worker -> busy.stream().filter(worker.workerId()::equals).count()))
        .orElseThrow();
  }
}
