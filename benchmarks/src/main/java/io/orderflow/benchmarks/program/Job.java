package io.orderflow.benchmarks.program;

import java.util.Properties;

/**
 * What the program is to do until it is told otherwise.
 *
 * @param threads consumers, each with its share of the partitions and its own connection
 * @param batch records of one transaction
 */
public record Job(
    Kind kind,
    String bootstrapServers,
    String group,
    String topic,
    int partitions,
    Warehouse warehouse,
    int threads,
    int batch) {

  /** What the topic holds, and so what is written. */
  public enum Kind {
    PAYMENTS,
    ORDERS
  }

  /** Where it is written. */
  public record Warehouse(String url, String user, String password) {}

  Batch newBatch() {
    return switch (kind) {
      case PAYMENTS -> new PaymentBatch();
      case ORDERS -> new OrderBatch();
    };
  }

  /** As the shipped example sets them; offsets are committed after each transaction. */
  Properties consumer() {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", bootstrapServers);
    properties.put("group.id", group);
    properties.put("enable.auto.commit", "false");
    properties.put("isolation.level", "read_committed");
    properties.put("auto.offset.reset", "earliest");
    properties.put("max.poll.records", Integer.toString(batch));
    properties.put("max.partition.fetch.bytes", "4194304");
    properties.put("fetch.max.bytes", "33554432");
    return properties;
  }
}
