package io.orderflow.common.metrics;

/**
 * One thing that is counted or measured.
 *
 * @param name in the words of Kafka's own metrics, with the unit where it is not a number of things
 * @param says what the value is, for people
 */
public record Metric(String name, Kind kind, String unit, String says) {

  /** What values there are of a metric. */
  public enum Kind {
    /** Grows from 0 with the task's start: {@code NAME-total}. */
    COUNTER("counter"),
    /** A counter, and {@code NAME-rate}: how many a second, over the last 30 to 60 seconds. */
    METER("counter and rate"),
    /** As it is now: {@code NAME}. NaN where it is not known. */
    GAUGE("gauge"),
    /**
     * Of the last 30 to 60 seconds: {@code NAME-p50}, {@code -p95}, {@code -p99}, {@code -max},
     * {@code -avg}; NaN where there was nothing.
     */
    DISTRIBUTION("distribution"),
    /**
     * In seconds, since the task's start: {@code NAME-bucket} with a tag {@code le} for each bound,
     * how many were not above it; {@code NAME-count} and {@code NAME-sum} of all.
     */
    HISTOGRAM("histogram"),
    /** {@code NAME-avg} and {@code -max} likewise, and {@code NAME-total} as of a counter. */
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

  public static Metric counter(String name, String unit, String says) {
    return new Metric(name, Kind.COUNTER, unit, says);
  }

  public static Metric meter(String name, String unit, String says) {
    return new Metric(name, Kind.METER, unit, says);
  }

  public static Metric gauge(String name, String unit, String says) {
    return new Metric(name, Kind.GAUGE, unit, says);
  }

  public static Metric distribution(String name, String unit, String says) {
    return new Metric(name, Kind.DISTRIBUTION, unit, says);
  }

  public static Metric histogram(String name, String says) {
    return new Metric(name, Kind.HISTOGRAM, "s", says);
  }

  public static Metric timing(String name, String says) {
    return new Metric(name, Kind.TIMING, "ms", says);
  }
}
