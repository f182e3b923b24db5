package io.orderflow.quickstart.view;

import io.orderflow.quickstart.observe.Figures;
import io.orderflow.quickstart.observe.Percentiles;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** One line every few seconds, for a file or a pipe. */
final class LineView implements View {

  private final PrintStream out;

  LineView(PrintStream out) {
    this.out = out;
  }

  @Override
  public Duration every() {
    return Duration.ofSeconds(3);
  }

  @Override
  public void show(Figures now) {
    say(
        String.format(
            Locale.ROOT,
            "%3d s  past orders %,d/%,d  committed %,d  captured %,d  applied %,d  latency %s"
                + "  reserved %,d  rejected %,d  shipped %,d  payments %,d  lag %,d  %s",
            now.elapsed().toSeconds(),
            now.pastApplied(),
            now.past(),
            now.committed(),
            now.captured(),
            now.applied(),
            latency(now.latency()),
            now.outcome("RESERVED"),
            now.outcome("REJECTED"),
            now.outcome("SHIPPED"),
            now.paymentsApplied(),
            now.lag(),
            now.tasks()));
  }

  private static String latency(Percentiles latency) {
    return latency.count() == 0
        ? "none in 10 s"
        : String.format(
            Locale.ROOT, "10 s p50 %,.0f ms p99 %,.0f ms", latency.p50(), latency.p99());
  }

  @Override
  public void say(String line) {
    out.println(line);
    out.flush();
  }

  @Override
  public void close() {
    out.flush();
  }
}
