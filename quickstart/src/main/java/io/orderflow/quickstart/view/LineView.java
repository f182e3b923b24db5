package io.orderflow.quickstart.view;

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
            "%3d s  committed %,d  captured %,d  applied %,d  latency p50 %,.0f ms p99 %,.0f ms"
                + "  reserved %,d  rejected %,d  shipped %,d  payments %,d  lag %,d  %s",
            now.elapsed().toSeconds(),
            now.committed(),
            now.captured(),
            now.applied(),
            now.latency().p50(),
            now.latency().p99(),
            now.outcome("RESERVED"),
            now.outcome("REJECTED"),
            now.outcome("SHIPPED"),
            now.paymentsApplied(),
            now.lag(),
            now.tasks()));
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
