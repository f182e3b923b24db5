package io.orderflow.source.record;

import io.orderflow.common.contract.OrderEvents;
import io.orderflow.common.database.TableName;
import io.orderflow.source.config.OversizedEventSettings;
import io.orderflow.source.event.OrderEvent;
import io.orderflow.source.schema.UnusableTablesException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what becomes of an order whose event is larger than Kafka accepts. Without this decision,
 * the producer would refuse the record: with exactly-once support the Kafka transaction fails, and
 * the task with it, without naming the order; otherwise errors.tolerance=all would skip it
 * silently. One thread.
 */
final class OversizedEvents {

  private static final Logger log = LoggerFactory.getLogger(OversizedEvents.class);
  private static final Duration WARNING_INTERVAL = Duration.ofMinutes(1);

  /** The value of a marker event. */
  static final Schema MARKER =
      SchemaBuilder.struct()
          .name("io.orderflow.OversizedOrder")
          .version(1)
          .field(OrderEvents.MARKER_ORDER_ID, Schema.STRING_SCHEMA)
          .field(OrderEvents.VERSION, Schema.INT64_SCHEMA)
          .field(OrderEvents.MARKER_SIZE, Schema.INT64_SCHEMA)
          .field(OrderEvents.MARKER_ITEM_COUNT, Schema.INT32_SCHEMA)
          .build();

  private final TableName orders;
  private final OversizedEventSettings settings;
  private final Runnable markerEmitted;
  private final InstantSource clock;

  private Instant nextWarning = Instant.MIN;

  /**
   * Follows the settings.
   *
   * @param markerEmitted called for each marker
   */
  OversizedEvents(
      TableName orders,
      OversizedEventSettings settings,
      Runnable markerEmitted,
      InstantSource clock) {
    this.orders = orders;
    this.settings = settings;
    this.markerEmitted = markerEmitted;
    this.clock = clock;
  }

  /** The topic of the markers. */
  String topic() {
    return settings.topic();
  }

  /** The size of an event in bytes if it is larger than allowed; 0 otherwise. */
  long oversize(EventSize sizes, Object key, RowStruct value) {
    if (sizes.atMost(key, value) <= settings.maxBytes()) {
      return 0;
    }
    long size = sizes.of(key, value);
    return size <= settings.maxBytes() ? 0 : size;
  }

  /**
   * The value of the marker for an event.
   *
   * @throws UnusableTablesException if the task has to stop instead
   */
  Struct marker(OrderEvent event, long size) {
    if (!settings.marks()) {
      throw new UnusableTablesException(OversizedEventSettings.MAX_BYTES, refusal(event, size));
    }
    markerEmitted.run();
    warn(event, size);
    return new Struct(MARKER)
        .put(OrderEvents.MARKER_ORDER_ID, event.id().toString())
        .put(OrderEvents.VERSION, event.version())
        .put(OrderEvents.MARKER_SIZE, size)
        .put(OrderEvents.MARKER_ITEM_COUNT, event.items().size());
  }

  private String refusal(OrderEvent event, long size) {
    return """
        the event of order %s of %s, version %d, has %d bytes as %s, with %d items; the maximum is %d. \
        To emit it, let Kafka accept larger records (%s of this connector and max.message.bytes of the topic, \
        both at least %d; also what consumers fetch), and set %s=%d. To continue without it, set %s=marker: \
        then a small event with its ID, version and size is emitted instead. Or leave out large columns (columns.exclude)"""
        .formatted(
            event.id(),
            orders,
            event.version(),
            size,
            settings.form().label(),
            event.items().size(),
            settings.maxBytes(),
            OversizedEventSettings.PRODUCER_LIMIT,
            withRoom(size),
            OversizedEventSettings.MAX_BYTES,
            size,
            OversizedEventSettings.HANDLING);
  }

  /** Room for what transformations add. */
  private static long withRoom(long size) {
    return size + size / 16;
  }

  private void warn(OrderEvent event, long size) {
    Instant now = clock.instant();
    if (now.isBefore(nextWarning)) {
      return;
    }
    nextWarning = now.plus(WARNING_INTERVAL);
    log.warn(
        "{}: the event of order {} of {}, version {}, has {} bytes, more than {}; a marker event is"
            + " emitted to {} instead. Logged at most once a minute",
        OversizedEventSettings.MAX_BYTES,
        event.id(),
        orders,
        event.version(),
        size,
        settings.maxBytes(),
        settings.topic());
  }
}
