package io.orderflow.sink;

import static io.orderflow.sink.config.ConfigKeys.APPLY_CONCURRENCY;
import static io.orderflow.sink.config.ConfigKeys.BATCH_LINGER;
import static io.orderflow.sink.config.ConfigKeys.BATCH_MAX_BYTES;
import static io.orderflow.sink.config.ConfigKeys.BATCH_MAX_RECORDS;

import io.orderflow.common.config.Setting;
import io.orderflow.common.config.SettingsGroup;
import io.orderflow.sink.apply.BatchLimits;
import java.time.Duration;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef.Type;

/**
 * How records are applied in transactions: the {@code batch.*} settings and {@code
 * apply.concurrency}.
 */
final class BatchSettings {

  static final SettingsGroup GROUP =
      SettingsGroup.of(
          "Transactions",
          Setting.of(BATCH_MAX_RECORDS, Type.INT)
              .defaultsTo(5_000)
              .between(1, 50_000)
              .low()
              .documented(
                  "Maximum number of records in one transaction. Raise"
                      + " consumer.override.max.poll.records as well: its default of 500 limits"
                      + " throughput."),
          Setting.of(BATCH_MAX_BYTES, Type.LONG)
              .defaultsTo(16L << 20)
              .between(1L << 10, 1L << 30)
              .low()
              .documented(
                  "Maximum size of the records in one transaction, in bytes of memory. A worker holds"
                      + " about twice as much; then the consumer is paused."),
          Setting.of(BATCH_LINGER, Type.LONG)
              .defaultsTo(10L)
              .between(0L, 60_000L)
              .low()
              .documented(
                  "How long a record waits for others before its transaction begins, in milliseconds."
                      + " While a transaction runs, records for the next one gather anyway."),
          Setting.of(APPLY_CONCURRENCY, Type.INT)
              .defaultsTo(1)
              .between(1, 16)
              .low()
              .documented(
                  "Number of transactions that one task runs at once, each on its own connection. All"
                      + " records of one order go to the same worker. More tasks have the same effect, if"
                      + " there are partitions for them."));

  private BatchSettings() {}

  static BatchLimits limits(AbstractConfig config) {
    return new BatchLimits(
        config.getInt(BATCH_MAX_RECORDS),
        config.getLong(BATCH_MAX_BYTES),
        Duration.ofMillis(config.getLong(BATCH_LINGER)));
  }
}
