package io.orderflow.quickstart.shop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orderflow.quickstart.shop.Order.Status;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends the payments of orders: one JSON object for each change, keyed by the order ID, with a
 * version of its own. Like many such services it repeats itself, and what it repeats may be out of
 * date by then. Thread-safe.
 */
public final class PaymentService implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double REPEATS = 0.03;

  /** A report about the payment of an order. */
  private enum Message {
    AUTHORIZED(1),
    CAPTURED(2),
    VOIDED(2),
    REFUNDED(3);

    private final long version;

    Message(long version) {
      this.version = version;
    }
  }

  private final Producer<String, String> producer;
  private final String topic;
  private final Consumer<OrderVersion> listener;
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  PaymentService(Producer<String, String> producer, String topic, Consumer<OrderVersion> listener) {
    this.producer = producer;
    this.topic = topic;
    this.listener = listener;
  }

  /**
   * A service that writes to a topic.
   *
   * @param listener gets each version that the topic has; repeated ones only once
   */
  public static PaymentService connect(
      String bootstrapServers, String topic, Consumer<OrderVersion> listener) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "client.id",
            "payment-service",
            "acks",
            "all",
            "linger.ms",
            5);
    return new PaymentService(
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer()),
        topic,
        listener);
  }

  void placed(Order order) {
    send(order, Message.AUTHORIZED, true);
  }

  void changed(Order before, Order after) {
    if (before.status() == after.status()) {
      return;
    }
    switch (after.status()) {
      case PAID -> {
        send(after, Message.CAPTURED, true);
        if (ThreadLocalRandom.current().nextDouble() < REPEATS) {
          send(after, Message.AUTHORIZED, false);
        }
      }
      case CANCELLED ->
          send(after, before.status() == Status.PAID ? Message.REFUNDED : Message.VOIDED, true);
      case PENDING, SHIPPED -> {}
    }
  }

  private void send(Order order, Message message, boolean first) {
    String value;
    try {
      value = JSON.writeValueAsString(payload(order, message));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
    OrderVersion version = new OrderVersion(order.id(), message.version);
    // The callback keeps a failure for flush().
    var unused =
        producer.send(
            new ProducerRecord<>(topic, Long.toString(order.id()), value),
            (written, rejected) -> {
              if (rejected != null) {
                failure.compareAndSet(null, rejected);
              } else if (first) {
                listener.accept(version);
              }
            });
  }

  /** The amount is text, since readers of JSON turn numbers into doubles. */
  private static Map<String, Object> payload(Order order, Message message) {
    return Map.of(
        "order_id",
        order.id(),
        "version",
        message.version,
        "status",
        message.name(),
        "amount",
        order.total().toPlainString(),
        "currency",
        Order.CURRENCY,
        "provider",
        "examplepay",
        "reference",
        "pay-" + order.id());
  }

  /**
   * Returns once Kafka has everything that was sent.
   *
   * @throws IllegalStateException if it rejected something
   */
  void flush() {
    producer.flush();
    Exception rejected = failure.get();
    if (rejected != null) {
      throw new IllegalStateException(
          "A payment update could not be written to " + topic + ": " + rejected.getMessage(),
          rejected);
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
