package io.orderflow.benchmarks.sink;

import io.orderflow.benchmarks.program.Job;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.clients.producer.ProducerRecord;

/** New orders of one to four items, 2.5 on average, over SKUs of Zipf popularity. */
record Orders(String topic, int count) implements Workload {

  static final String NAME = "orders";
  static final int SKUS = 10_000;

  private static final Zipf POPULARITY = new Zipf(SKUS);

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
    return new Orders(topic + "-warm-up", count);
  }

  @Override
  public ProducerRecord<byte[], byte[]> record(int i) {
    return order(i).record(topic);
  }

  @Override
  public void prepare(Connection warehouse) throws SQLException {
    OrderContent.stock(warehouse, SKUS);
  }

  @Override
  public void check(Connection warehouse) throws SQLException {
    OrderContent.expected(SKUS, count, Orders::order).check(warehouse);
  }

  /** The same for the same ID, whatever was asked for before. */
  static OrderEvent order(int id) {
    SplittableRandom random = new SplittableRandom(id);
    int size = 1 + id % 4;
    List<OrderEvent.Item> items = new ArrayList<>(size);
    while (items.size() < size) {
      int sku = POPULARITY.next(random);
      if (items.stream().noneMatch(item -> item.sku() == sku)) {
        items.add(new OrderEvent.Item(sku, 1 + random.nextInt(3)));
      }
    }
    return new OrderEvent(id, List.copyOf(items));
  }
}
