package io.orderflow.source.log;

import io.orderflow.source.config.LogSettings;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.offset.Lsn;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records that carry the offset on while no order changes: Connect stores offsets with records
 * only, and the slot is not confirmed beyond what is stored.
 */
final class Heartbeat {

  private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);

  private final LogSettings settings;

  private long lastBeat = System.nanoTime();
  private long lastLsn = -1;
  private boolean first;

  /**
   * Counts from now.
   *
   * @param first whether no offset was ever stored: the first record comes at once then, since
   *     capture that begins anew without a load would pass over what changed before
   */
  Heartbeat(LogSettings settings, boolean first) {
    this.settings = settings;
    this.first = first;
  }

  /**
   * Says what may never come back: Connect waits without end for a topic that nobody makes, and
   * lets a connector know neither which topics there are nor whether the broker makes them.
   *
   * @param connector all settings of the connector, Connect's own ones too
   */
  void warnOfMissingTopic(Map<String, String> connector) {
    boolean makesTopics =
        connector.keySet().stream().anyMatch(key -> key.startsWith("topic.creation.default."));
    if (!makesTopics && (first || !settings.heartbeatInterval().isZero())) {
      log.warn(
          "heartbeat.topic: the topic {} has to be there, or the broker has to make topics by itself, for Connect makes it only with"
              + " topic.creation.default.replication.factor and topic.creation.default.partitions among the connector's settings."
              + " Where it is missing, the task stops at its first heartbeat and says nothing",
          settings.heartbeatTopic());
    }
  }

  /** Other records have carried the offset on. */
  void beaten() {
    first = false;
    lastBeat = System.nanoTime();
  }

  boolean isDue(LogOffset position) {
    Duration interval = settings.heartbeatInterval();
    return first
        || (!interval.isZero()
            && position.lsn() != lastLsn
            && System.nanoTime() - lastBeat >= interval.toNanos());
  }

  /** Key: the slot's name; value: the log's place as text. */
  SourceRecord record(Map<String, Object> partition, LogOffset position) {
    beaten();
    lastLsn = position.lsn();
    return new SourceRecord(
        partition,
        position.toMap(),
        settings.heartbeatTopic(),
        null,
        Schema.STRING_SCHEMA,
        settings.slot(),
        Schema.STRING_SCHEMA,
        Lsn.format(position.lsn()));
  }
}
