package io.orderflow.quickstart.verdict;

import io.orderflow.quickstart.setup.Topic;
import io.orderflow.quickstart.shop.OrderVersion;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Counts the records of the orders topic one by one. For one thread. */
public final class OrdersTally implements Topic.Reader {

  private record Last(int partition, long version) {}

  private final Map<Long, OrderState> newest = new HashMap<>();
  private final Map<Long, Last> last = new HashMap<>();
  private final Set<OrderVersion> seen = new HashSet<>();
  private long events;
  private long duplicated;
  private long stale;

  @Override
  public void accept(ConsumerRecord<String, String> event) {
    add(event.partition(), Long.parseLong(event.key()), event.value());
  }

  void add(int partition, long orderId, @Nullable String value) {
    events++;
    if (value == null) {
      newest.remove(orderId);
      return;
    }
    OrderState order = OrderState.parse(value);
    Last before = last.put(orderId, new Last(partition, order.version()));
    if (!seen.add(new OrderVersion(orderId, order.version()))) {
      duplicated++;
    } else if (before != null
        && (before.partition() != partition || order.version() < before.version())) {
      stale++;
    }
    newest.merge(orderId, order, (a, b) -> b.version() > a.version() ? b : a);
  }

  /** By order ID, the newest version; an order that ends with a tombstone is not in it. */
  public Map<Long, OrderState> newest() {
    return Collections.unmodifiableMap(newest);
  }

  /** How many records there were. */
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
