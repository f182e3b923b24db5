package io.orderflow.quickstart.progress;

import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * How long things took, to three digits. Many threads may record; one reads.
 *
 * <p>What took longer than an hour counts as an hour.
 */
public final class Latency implements LongConsumer {

  private static final long HIGHEST_MICROS = TimeUnit.HOURS.toMicros(1);

  private final Recorder recorder = new Recorder(HIGHEST_MICROS, 3);
  private final Histogram all = new Histogram(HIGHEST_MICROS, 3);

  /** Milliseconds below which a share of all lay. */
  public record Percentiles(double p50, double p99) {}

  @Override
  public void accept(long nanos) {
    recorder.recordValue(Math.min(HIGHEST_MICROS, TimeUnit.NANOSECONDS.toMicros(nanos)));
  }

  /** Over all that was recorded so far; zeros where nothing was. */
  public synchronized Percentiles percentiles() {
    all.add(recorder.getIntervalHistogram());
    return new Percentiles(
        all.getValueAtPercentile(50) / 1_000.0, all.getValueAtPercentile(99) / 1_000.0);
  }
}
