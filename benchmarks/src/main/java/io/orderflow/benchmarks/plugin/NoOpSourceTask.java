package io.orderflow.benchmarks.plugin;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Headers;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;

/** Makes the records of one poll when it starts, and returns them until all are sent. */
public final class NoOpSourceTask extends SourceTask {

  static final String TASK = "task";

  /** As many as the shipped example lets ours read at once. */
  private static final int BATCH = 5_000;

  private static final int SHARDS = 32;
  private static final long PAUSE_MILLIS = 100;

  private List<SourceRecord> batch = List.of();
  private int left;

  @Override
  public void start(Map<String, String> settings) {
    left = Integer.parseInt(settings.getOrDefault(NoOpSourceConnector.COUNT, "0"));
    int task = Integer.parseInt(settings.getOrDefault(TASK, "0"));
    String topic = Objects.requireNonNull(settings.get(NoOpSourceConnector.TOPIC));
    List<SourceRecord> records = new ArrayList<>(BATCH);
    for (int i = 1; i <= BATCH; i++) {
      records.add(record(topic, task, 1_000_000L + i));
    }
    batch = List.copyOf(records);
  }

  /** With offsets and headers of the same shape as those of the orders source. */
  private static SourceRecord record(String topic, int task, long id) {
    int shard = (int) (id * SHARDS / BATCH % SHARDS);
    Struct order = OrderShape.order(id);
    return new SourceRecord(
        Map.of("table", "\"public\".\"orders\"", "shard", (long) task * SHARDS + shard),
        Map.of(
            "xid",
            2L,
            "order_id",
            Long.toString(id),
            "shards",
            (long) SHARDS,
            "system",
            "7575287342343402524",
            "snapshot_until",
            12_345L),
        topic,
        null,
        Schema.INT64_SCHEMA,
        id,
        order.schema(),
        order,
        null,
        headers());
  }

  private static Headers headers() {
    return new ConnectHeaders()
        .addString("orderflow.kind", "snapshot")
        .addLong("orderflow.offset", 2)
        .addLong("orderflow.version", 1);
  }

  @Override
  public @Nullable List<SourceRecord> poll() throws InterruptedException {
    if (left == 0) {
      Thread.sleep(PAUSE_MILLIS);
      return null;
    }
    int next = Math.min(left, BATCH);
    left -= next;
    return next == BATCH ? batch : batch.subList(0, next);
  }

  @Override
  public void stop() {}

  @Override
  public String version() {
    return NoOpSinkConnector.VERSION;
  }
}
