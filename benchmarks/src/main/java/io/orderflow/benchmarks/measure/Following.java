package io.orderflow.benchmarks.measure;

import io.orderflow.stack.LocalStack;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Follows a run by a position that only grows: the ends of topics, or committed offsets. */
public record Following(LocalStack stack) {

  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Duration GIVE_UP = Duration.ofMinutes(15);
  private static final int LOOKS_PER_STATUS = 40;

  /** Looks without growth until the run is known to be complete. */
  private static final int QUIET_LOOKS = 30;

  /** A position, counted from the start of the run; reading it costs about a millisecond. */
  @FunctionalInterface
  public interface Position {
    long read() throws InterruptedException;
  }

  private record Look(long nanos, long position, Cpu cpu) {}

  /**
   * Returns once all records are there and nothing follows. The measurement begins with the first
   * look that finds some, so the start of connectors is not part of it; if that one finds more than
   * half of all, with the look before.
   *
   * @param records the position at which the run is complete; it may grow beyond, since the ends of
   *     transactions take offsets, too
   * @param orders the number of orders that the records stand for
   * @throws IllegalStateException if the contestant fails, or does not end in time
   */
  public Throughput follow(Running running, Position position, long records, long orders)
      throws InterruptedException {
    long deadline = System.nanoTime() + GIVE_UP.toNanos();
    Look before = look(running, 0);
    @Nullable Look first = null;
    Look last = before;
    int quiet = 0;
    for (int looks = 1; quiet < QUIET_LOOKS; looks++) {
      Thread.sleep(PAUSE.toMillis());
      long now = position.read();
      if (first == null) {
        Look look = look(running, now);
        first = now == 0 ? null : now > records / 2 ? before : look;
        before = look;
      }
      if (now >= records) {
        quiet = now > last.position() ? 0 : quiet + 1;
        last = now > last.position() ? look(running, now) : last;
      }
      if (looks % LOOKS_PER_STATUS == 0) {
        running.failIfEnded();
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "%d of %d records after %s".formatted(now, records, GIVE_UP));
      }
    }
    return between(Objects.requireNonNull(first), last, orders);
  }

  private static Throughput between(Look first, Look last, long orders) {
    double part = (double) (last.position() - first.position()) / last.position();
    return new Throughput(
        orders * part,
        Duration.ofNanos(last.nanos() - first.nanos()),
        last.cpu().minus(first.cpu()));
  }

  private Look look(Running running, long position) {
    return new Look(System.nanoTime(), position, Cpu.read(stack, running.pid()));
  }
}
