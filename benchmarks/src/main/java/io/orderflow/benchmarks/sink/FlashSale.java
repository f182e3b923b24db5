package io.orderflow.benchmarks.sink;

import io.orderflow.benchmarks.program.Job;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Every order wants one piece of the same SKU, of which there is enough. */
record FlashSale(String topic, int count) implements Workload {

  static final String NAME = "flash-sale";

  private static final List<OrderEvent.Item> HOT = List.of(new OrderEvent.Item(0, 1));

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Job.Kind kind() {
    return Job.Kind.ORDERS;
  }

  @Override
  public Workload warmUp(int count) {
    return new FlashSale(topic + "-warm-up", count);
  }

  @Override
  public ProducerRecord<byte[], byte[]> record(int i) {
    return order(i).record(topic);
  }

  @Override
  public void prepare(Connection warehouse) throws SQLException {
    OrderContent.stock(warehouse, Orders.SKUS);
  }

  @Override
  public void check(Connection warehouse) throws SQLException {
    OrderContent.expected(Orders.SKUS, count, FlashSale::order).check(warehouse);
  }

  static OrderEvent order(int id) {
    return new OrderEvent(id, HOT);
  }
}
