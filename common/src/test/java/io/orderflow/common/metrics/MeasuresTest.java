package io.orderflow.common.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class MeasuresTest {

  private final AtomicLong now = new AtomicLong(1_000_000);

  @Test
  void percentilesAreThoseOfTheValues() {
    // Given
    RollingPercentiles values = new RollingPercentiles(now::get);

    // When
    values.add(LongStream.rangeClosed(1, 1_000).toArray(), 1_000);

    // Then: to the width of a bucket
    assertEquals(500, values.quantile(0.5), 10);
    assertEquals(950, values.quantile(0.95), 13);
    assertEquals(990, values.quantile(0.99), 13);
    assertEquals(1_000, values.max());
    assertEquals(500.5, values.avg());
  }

  @Test
  void clocksThatDifferAndHoursOfWaitingDoNoHarm() {
    // Given
    RollingPercentiles values = new RollingPercentiles(now::get);

    // When
    values.add(-5);
    values.add(Duration.ofDays(1).toMillis());

    // Then
    assertEquals(0, values.quantile(0.25), 0.1);
    assertEquals(3_600_000.0, values.quantile(0.99), 1_000);
    assertEquals(86_400_000.0, values.max());
  }

  @Test
  void histogramCountsWhatIsNotAboveEachBound() {
    // Given
    Histogram values = new Histogram();

    // When
    values.add(new long[] {-5, 5, 6, 100, 101, 1_000, 300_001, 77}, 7);

    // Then
    assertEquals(2, values.upTo(Histogram.BOUNDS.indexOf("0.005")));
    assertEquals(3, values.upTo(Histogram.BOUNDS.indexOf("0.01")));
    assertEquals(4, values.upTo(Histogram.BOUNDS.indexOf("0.1")));
    assertEquals(5, values.upTo(Histogram.BOUNDS.indexOf("0.25")));
    assertEquals(6, values.upTo(Histogram.BOUNDS.indexOf("1")));
    assertEquals(6, values.upTo(Histogram.BOUNDS.indexOf("300")));
    assertEquals(7, values.upTo(Histogram.BOUNDS.indexOf("+Inf")));
    assertEquals(7, values.count());
    assertEquals(301.213, values.sumSeconds(), 1e-9);
  }

  @Test
  void valuesAreForgottenAfterAMinute() {
    // Given
    RollingPercentiles values = new RollingPercentiles(now::get);
    Timing time = new Timing(now::get);
    Meter meter = new Meter(now::get);
    values.add(7);
    time.add(Duration.ofMillis(7).toNanos());
    meter.add(60);
    double before = meter.perSecond();

    // When
    now.addAndGet(Duration.ofMinutes(2).toMillis());

    // Then
    assertEquals(2, before, 0.1);
    assertTrue(Double.isNaN(values.max()));
    assertTrue(Double.isNaN(values.quantile(0.5)));
    assertTrue(Double.isNaN(time.avg()));
    assertEquals(0, meter.perSecond());
    assertEquals(7, time.totalMs());
    assertEquals(60, meter.sum());
  }
}
