package io.orderflow.common.metrics;

/**
 * A metric of a task.
 *
 * @param name in the style of Kafka's own metrics, with the unit unless it is a count
 * @param description for the reference page and for user interfaces
 */
public record Metric(String name, Kind kind, String unit, String description) {

  /** The kind of a metric, which decides its values. */
  public enum Kind {
    /** Grows from 0 since the task's start: {@code NAME-total}. */
    COUNTER("counter"),
    /** A counter, and {@code NAME-rate}: occurrences per second in the last 30 to 60 seconds. */
    METER("counter and rate"),
    /** The present value: {@code NAME}. NaN if it is unknown. */
    GAUGE("gauge"),
    /**
     * Over the last 30 to 60 seconds: {@code NAME-p50}, {@code -p95}, {@code -p99}, {@code -max},
     * {@code -avg}; NaN without values.
     */
    DISTRIBUTION("distribution"),
    /**
     * In seconds, since the task's start: {@code NAME-bucket} with the tag {@code le}, the number
     * of durations up to that bound; {@code NAME-count} and {@code NAME-sum} of all.
     */
    HISTOGRAM("histogram"),
    /** {@code NAME-avg} and {@code -max} as of a distribution, {@code -total} as of a counter. */
    TIMING("timing");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  static final String TOTAL = "-total";
  static final String RATE = "-rate";
  static final String AVG = "-avg";
  static final String MAX = "-max";
  static final String BUCKET = "-bucket";
  static final String COUNT = "-count";
  static final String SUM = "-sum";

  public static Metric counter(String name, String unit, String description) {
    return new Metric(name, Kind.COUNTER, unit, description);
  }

  public static Metric meter(String name, String unit, String description) {
    return new Metric(name, Kind.METER, unit, description);
  }

  public static Metric gauge(String name, String unit, String description) {
    return new Metric(name, Kind.GAUGE, unit, description);
  }

  public static Metric distribution(String name, String unit, String description) {
    return new Metric(name, Kind.DISTRIBUTION, unit, description);
  }

  public static Metric histogram(String name, String description) {
    return new Metric(name, Kind.HISTOGRAM, "s", description);
  }

  public static Metric timing(String name, String description) {
    return new Metric(name, Kind.TIMING, "ms", description);
  }
}
