package io.orderflow.quickstart.verdict;

import io.orderflow.quickstart.setup.Topic;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Counts the records of the orders topic one by one. For one thread. */
public final class OrdersTally implements Topic.Reader {

  private final Map<Long, OrderState> newest = new HashMap<>();
  private final VersionsTally versions = new VersionsTally();

  @Override
  public void accept(ConsumerRecord<String, String> event) {
    add(event.partition(), Long.parseLong(event.key()), event.value());
  }

  void add(int partition, long orderId, @Nullable String value) {
    if (value == null) {
      versions.addTombstone();
      newest.remove(orderId);
      return;
    }
    OrderState order = OrderState.parse(value);
    versions.add(partition, Long.toString(orderId), order.version());
    newest.merge(orderId, order, (a, b) -> b.version() > a.version() ? b : a);
  }

  /** By order ID, the newest version; an order that ends with a tombstone is not in it. */
  public Map<Long, OrderState> newest() {
    return Collections.unmodifiableMap(newest);
  }

  /** How many records there were. */
  public long events() {
    return versions.events();
  }

  /** How many records repeat a version that an earlier record has. */
  public long duplicated() {
    return versions.duplicated();
  }

  /** How many records are older than the one before of their order, or in another partition. */
  public long stale() {
    return versions.stale();
  }
}
