package io.orderflow.sink;

import io.orderflow.common.config.Finding;
import io.orderflow.common.failure.RetryTracker;
import io.orderflow.sink.apply.BatchLimits;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.utils.ExponentialBackoff;

/** How records become transactions, and what happens to those that fail. */
final class BatchSettings {

  static final String LANES = "lanes";
  static final String DEAD_LETTER_RATIO = "dead.letter.max.ratio";
  static final String DEAD_LETTER_WINDOW = "dead.letter.window.records";

  private static final String MAX_RECORDS = "batch.max.records";
  private static final String MAX_BYTES = "batch.max.bytes";
  private static final String LINGER = "batch.linger.ms";
  private static final String BACKOFF_INITIAL = "retry.backoff.ms";
  private static final String BACKOFF_MAX = "retry.backoff.max.ms";

  private static final String TRANSACTIONS = "Transactions";
  private static final String FAILURES = "Failures";

  private BatchSettings() {}

  static void define(ConfigDef definition) {
    transactions(
        definition,
        1,
        MAX_RECORDS,
        Type.INT,
        5_000,
        Range.between(1, 50_000),
        "How many records one transaction applies at most. Raise"
            + " consumer.override.max.poll.records as well: its default of 500 is too low for the"
            + " best throughput.");
    transactions(
        definition,
        2,
        MAX_BYTES,
        Type.LONG,
        16L << 20,
        Range.between(1L << 10, 1L << 30),
        "How many bytes of records, as they stand in memory, one transaction applies at most. A"
            + " lane holds about twice as many; then the consumer is paused.");
    transactions(
        definition,
        3,
        LINGER,
        Type.LONG,
        10L,
        Range.between(0L, 60_000L),
        "How long a record waits for others, in milliseconds, before its transaction begins. While a"
            + " transaction runs, records gather for the next in any case.");
    transactions(
        definition,
        4,
        LANES,
        Type.INT,
        1,
        Range.between(1, 16),
        "How many transactions one task runs at once, each on a connection of its own; an order"
            + " always takes the same lane. More tasks do the same, as long as there are partitions"
            + " for them.");
    failures(definition);
  }

  private static void failures(ConfigDef definition) {
    failures(
        definition,
        1,
        BACKOFF_INITIAL,
        Type.LONG,
        100L,
        Range.between(1L, 600_000L),
        "How long to wait, in milliseconds, before the first new attempt while the database is away."
            + " The wait doubles each time, with jitter.");
    failures(
        definition,
        2,
        BACKOFF_MAX,
        Type.LONG,
        10_000L,
        Range.between(1L, 3_600_000L),
        "The longest wait between two attempts, in milliseconds.");
    failures(
        definition,
        3,
        DEAD_LETTER_RATIO,
        Type.DOUBLE,
        0.5,
        Range.between(0.0, 1.0),
        "What share of the records may be bad. With more than that the task stops, since a wrong"
            + " setting is the likely cause, which would drain the topics into the dead-letter"
            + " queue. 1 lets everything pass.");
    failures(
        definition,
        4,
        DEAD_LETTER_WINDOW,
        Type.INT,
        1_000,
        Range.between(1, 10_000_000),
        "Over how many of the last records of a task the share of bad ones is taken. The task does"
            + " not stop before it has seen so many.");
  }

  static BatchLimits limits(AbstractConfig config) {
    return new BatchLimits(
        config.getInt(MAX_RECORDS),
        config.getLong(MAX_BYTES),
        Duration.ofMillis(config.getLong(LINGER)));
  }

  static ExponentialBackoff backoff(AbstractConfig config) {
    return RetryTracker.backoff(
        Duration.ofMillis(config.getLong(BACKOFF_INITIAL)),
        Duration.ofMillis(config.getLong(BACKOFF_MAX)));
  }

  static List<Finding> findings(AbstractConfig config) {
    return config.getLong(BACKOFF_MAX) < config.getLong(BACKOFF_INITIAL)
        ? List.of(new Finding(BACKOFF_MAX, "expected no less than " + BACKOFF_INITIAL))
        : List.of();
  }

  private static void transactions(
      ConfigDef definition,
      int order,
      String key,
      Type type,
      Object standard,
      ConfigDef.Validator range,
      String documentation) {
    define(definition, TRANSACTIONS, order, key, type, standard, range, documentation);
  }

  private static void failures(
      ConfigDef definition,
      int order,
      String key,
      Type type,
      Object standard,
      ConfigDef.Validator range,
      String documentation) {
    define(definition, FAILURES, order, key, type, standard, range, documentation);
  }

  private static void define(
      ConfigDef definition,
      String group,
      int order,
      String key,
      Type type,
      Object standard,
      ConfigDef.Validator range,
      String documentation) {
    definition.define(
        key, type, standard, range, Importance.LOW, documentation, group, order, Width.SHORT, key);
  }
}
