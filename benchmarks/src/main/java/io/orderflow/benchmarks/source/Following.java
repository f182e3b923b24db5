package io.orderflow.benchmarks.source;

import io.orderflow.benchmarks.Topics;
import io.orderflow.benchmarks.measure.AtWork;
import io.orderflow.benchmarks.measure.CpuTime;
import io.orderflow.stack.LocalStack;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/** Follows a load by the ends of its topics, as a read_committed consumer sees them. */
record Following(LocalStack stack, Topics topics, Admin admin) {

  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final int LOOKS_PER_STATUS = 40;

  /** Looks without growth until it is believed that there is no more to come. */
  private static final int QUIET_LOOKS = 30;

  private record Look(long nanos, long end, Load.Cpu cpu) {}

  /**
   * Returns once the records are there and nothing follows. What is measured begins with the first
   * look that finds some, so that no start of a connector is in it; or, where that one finds more
   * than half of all, with the look before.
   *
   * @throws IllegalStateException if the contestant fails, or does not end in time
   */
  Load follow(AtWork running, Collection<String> into, Content content, int orders)
      throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Look before = look(running, 0);
    @Nullable Look first = null;
    Look last = before;
    int quiet = 0;
    for (int looks = 1; quiet < QUIET_LOOKS; looks++) {
      Thread.sleep(PAUSE.toMillis());
      long end = topics.committedEnd(admin, into);
      if (first == null) {
        Look look = look(running, end);
        first = end == 0 ? null : end > content.records() / 2 ? before : look;
        before = look;
      }
      // Ends of transactions take offsets, too, so the last record may come after this many.
      if (end >= content.records()) {
        quiet = end > last.end() ? 0 : quiet + 1;
        last = end > last.end() ? look(running, end) : last;
      }
      if (looks % LOOKS_PER_STATUS == 0) {
        running.failIfEnded();
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "%d of %d records in %s".formatted(end, content.records(), PATIENCE));
      }
    }
    return between(Objects.requireNonNull(first), last, orders);
  }

  private static Load between(Look first, Look last, int orders) {
    double part = (double) (last.end() - first.end()) / last.end();
    return new Load(
        orders * part,
        Duration.ofNanos(last.nanos() - first.nanos()),
        last.cpu().minus(first.cpu()));
  }

  private Look look(AtWork running, long end) {
    return new Look(
        System.nanoTime(),
        end,
        new Load.Cpu(
            CpuTime.ofTree(running.pid()),
            CpuTime.ofTree(stack.localPostgres().pid()),
            CpuTime.ofTree(stack.broker().pid())));
  }
}
