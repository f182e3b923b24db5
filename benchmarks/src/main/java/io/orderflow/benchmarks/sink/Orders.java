package io.orderflow.benchmarks.sink;

import io.orderflow.benchmarks.Sql;
import io.orderflow.benchmarks.program.SinkJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * New orders: of one to four items, 2.5 on average, over SKUs of Zipf popularity; or, in a flash
 * sale, of one piece of the same SKU each, of which there is enough; or of thousandths, a quarter
 * of which has been shipped; or at 50 locations of Zipf popularity, which the items name.
 */
record Orders(String name, String topic, int count) implements Workload {

  static final String NAME = "orders";
  static final String FLASH_SALE = "flash-sale";
  static final String FRACTIONS = "fractions";
  static final String AT_LOCATIONS = "locations";
  static final int SKUS = 10_000;

  private static final int LOCATIONS = 50;

  /** Sums of 1/n: the n-th most popular SKU is wanted 1/n times as often as the first. */
  private static final double[] POPULARITY = new double[SKUS];

  static {
    double sum = 0;
    for (int i = 0; i < SKUS; i++) {
      sum += 1.0 / (i + 1);
      POPULARITY[i] = sum;
    }
  }

  private static final List<OrderEvent.Item> HOT =
      List.of(new OrderEvent.Item(0, OrderEvent.NO_LOCATION, 1, 0));

  @Override
  public SinkJob.Kind kind() {
    return SinkJob.Kind.ORDERS;
  }

  @Override
  public Workload warmUp(int fewer) {
    return new Orders(name, topic + "-warm-up", fewer);
  }

  @Override
  public ProducerRecord<byte[], byte[]> record(int i) {
    return order(i).record(topic);
  }

  @Override
  public void prepare(Connection warehouse) throws SQLException {
    Sql.execute(
        warehouse,
        "CREATE OR REPLACE VIEW stock_scale AS SELECT %1$d AS scale, 1e-%1$d AS step"
            .formatted(scale()));
    OrderContent.stock(warehouse, SKUS, locations());
  }

  @Override
  public void check(Connection warehouse) throws SQLException {
    OrderContent.expected(SKUS, locations(), count, this::order).check(warehouse);
  }

  /** The same for the same ID, whatever was asked for before. */
  OrderEvent order(int id) {
    return new OrderEvent(id, name.equals(FLASH_SALE) ? HOT : items(id), scale());
  }

  private int scale() {
    return name.equals(FRACTIONS) ? 3 : 0;
  }

  private int locations() {
    return name.equals(AT_LOCATIONS) ? LOCATIONS : 0;
  }

  @Override
  public Map<String, String> settings() {
    if (locations() > 0) {
      return Map.of("order.item.location.field", "location");
    }
    return scale() == 0
        ? Map.of()
        : Map.of("quantity.scale", Integer.toString(scale()), "order.shipped.field", "shipped");
  }

  private OrderEvent.Item item(int sku, RandomGenerator random) {
    int quantity = scale() == 0 ? 1 + random.nextInt(3) : 1 + random.nextInt(3_000);
    int location = locations() == 0 ? OrderEvent.NO_LOCATION : 1 + popular(random, locations());
    return new OrderEvent.Item(sku, location, quantity, scale() == 0 ? 0 : quantity / 4);
  }

  private List<OrderEvent.Item> items(int id) {
    SplittableRandom random = new SplittableRandom(id);
    int size = 1 + id % 4;
    List<OrderEvent.Item> items = new ArrayList<>(size);
    while (items.size() < size) {
      int sku = popular(random, SKUS);
      if (items.stream().noneMatch(item -> item.sku() == sku)) {
        items.add(item(sku, random));
      }
    }
    return List.copyOf(items);
  }

  /** From 0, the most popular, to one less than the count. */
  private static int popular(RandomGenerator random, int count) {
    double drawn = random.nextDouble() * POPULARITY[count - 1];
    int found = Arrays.binarySearch(POPULARITY, 0, count, drawn);
    return Math.min(found < 0 ? -found - 1 : found, count - 1);
  }
}
