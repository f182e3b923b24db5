package io.orderflow.quickstart.verdict;

import io.orderflow.quickstart.setup.Topic;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Counts the events of a topic by key and version, whatever else they contain. For one thread. */
public final class VersionsTally implements Topic.Reader {

  private record Last(int partition, long version) {}

  private final Map<String, Last> last = new HashMap<>();
  private final Set<String> seen = new HashSet<>();
  private long events;
  private long duplicated;
  private long stale;

  @Override
  public void accept(ConsumerRecord<String, String> event) {
    if (event.value() == null) {
      addTombstone();
    } else {
      long version = PaymentState.json(event.value()).required("version").asLong();
      add(event.partition(), event.key(), version);
    }
  }

  void addTombstone() {
    events++;
  }

  void add(int partition, String key, long version) {
    events++;
    Last before = last.put(key, new Last(partition, version));
    if (!seen.add(key + " v" + version)) {
      duplicated++;
    } else if (before != null && (before.partition() != partition || version < before.version())) {
      stale++;
    }
  }

  /** How many records there were, tombstones included. */
  public long events() {
    return events;
  }

  /** How many records repeat a version that an earlier record has. */
  public long duplicated() {
    return duplicated;
  }

  /** How many records are older than the one before of their order, or in another partition. */
  public long stale() {
    return stale;
  }
}
