package io.orderflow.source.capture;

import io.orderflow.common.failure.ThreadFailure;
import io.orderflow.common.trace.LogContext;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A step that may wait for minutes, as the creation of a slot waits for all transactions that are
 * writing. It runs on a thread of its own, since Connect stops a task only between two polls. One
 * thread awaits the step; any may abandon it.
 *
 * @param <T> the result
 */
public final class BackgroundStep<T> {

  /** Shorter than the five seconds that Connect waits for the end of a poll. */
  private static final Duration MAX_WAIT = Duration.ofSeconds(3);

  private final String name;
  private final Consumer<T> discard;

  private volatile @Nullable CompletableFuture<T> running;

  /**
   * Starts nothing yet.
   *
   * @param name the thread's name
   * @param discard releases a result that comes after the step was abandoned
   */
  public BackgroundStep(String name, Consumer<T> discard) {
    this.name = name;
    this.discard = discard;
  }

  /**
   * The result of the step, which starts unless it runs already; empty if it takes longer than a
   * poll may take.
   *
   * @throws SQLException if the step failed; the next call starts it again
   */
  public Optional<T> await(Callable<T> step) throws SQLException, InterruptedException {
    CompletableFuture<T> current = running;
    if (current == null) {
      current = start(step);
      running = current;
    }
    try {
      T result = current.get(MAX_WAIT.toNanos(), TimeUnit.NANOSECONDS);
      running = null;
      return Optional.of(result);
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      running = null;
      throw ThreadFailure.rethrown(e.getCause());
    }
  }

  private CompletableFuture<T> start(Callable<T> step) {
    CompletableFuture<T> started = new CompletableFuture<>();
    Thread thread =
        new Thread(
            LogContext.inherited(
                () -> {
                  try {
                    started.complete(step.call());
                  } catch (Exception | Error failure) {
                    started.completeExceptionally(failure);
                  }
                }),
            name);
    thread.setDaemon(true);
    thread.start();
    return started;
  }

  /** Discards the result of a step that still runs. The caller ends what the step waits for. */
  public void abandon() {
    CompletableFuture<T> current = running;
    if (current != null) {
      var unused = current.thenAccept(discard);
    }
  }
}
