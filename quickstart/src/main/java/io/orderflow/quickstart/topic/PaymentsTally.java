package io.orderflow.quickstart.topic;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What the topic of payment updates tells, record by record. For one thread. */
public final class PaymentsTally implements Topic.Reader {

  private final Map<Long, PaymentState> newest = new HashMap<>();
  private long updates;

  @Override
  public void accept(ConsumerRecord<String, String> update) {
    add(Events.orderId(update.key()), update.value());
  }

  void add(long orderId, String value) {
    updates++;
    newest.merge(orderId, Events.payment(value), (a, b) -> b.version() > a.version() ? b : a);
  }

  /** By order ID, the newest version; repeated older ones do not count. */
  public Map<Long, PaymentState> newest() {
    return Collections.unmodifiableMap(newest);
  }

  /** How many records there were. */
  public long updates() {
    return updates;
  }
}
