package io.orderflow.benchmarks.sink;

import static io.orderflow.benchmarks.measure.WrongContentException.expect;

import io.orderflow.benchmarks.Sql;
import io.orderflow.benchmarks.program.Cents;
import io.orderflow.benchmarks.program.SinkJob;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Payment updates; the last fifth of them is version 2 of the first orders. */
public record Payments(String topic, int count) implements Workload {

  static final String NAME = "payments";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public SinkJob.Kind kind() {
    return SinkJob.Kind.PAYMENTS;
  }

  @Override
  public Workload warmUp(int count) {
    return new Payments(topic + "-warm-up", count);
  }

  @Override
  public ProducerRecord<byte[], byte[]> record(int i) {
    String order = Integer.toString(i % orders());
    int version = 1 + i / orders();
    String value =
        """
        {"order_id":%s,"version":%d,"status":"CAPTURED","amount":"%s","currency":"EUR",\
        "provider":"example-pay","reference":"pay-%s-%d"}\
        """
            .formatted(order, version, Cents.text(cents(i)), order, version);
    return new ProducerRecord<>(
        topic, order.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void prepare(Connection warehouse) {}

  /** Each order has the last of its versions with its amount. */
  @Override
  public void check(Connection warehouse) throws SQLException {
    expect(
        "orders, versions, amount and status",
        "%d, %d, %s, CAPTURED".formatted(orders(), count, Cents.text(paid())),
        Sql.row(
            warehouse, "SELECT count(*), sum(version), sum(amount), min(status) FROM payments"));
  }

  int orders() {
    return count - count / 5;
  }

  /** In cents, of the newest updates alone. */
  long paid() {
    long paid = 0;
    for (int i = count - orders(); i < count; i++) {
      paid += cents(i);
    }
    return paid;
  }

  private static long cents(int i) {
    return i % 500 * 100L + i % 100;
  }
}
