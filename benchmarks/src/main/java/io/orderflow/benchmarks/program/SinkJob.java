package io.orderflow.benchmarks.program;

import java.util.List;
import java.util.Properties;
import java.util.stream.IntStream;

/**
 * The sink without Connect.
 *
 * @param threads consumers, each with its share of the partitions and its own connection
 * @param batch records of one transaction
 */
public record SinkJob(
    Kind kind,
    String bootstrapServers,
    String group,
    String topic,
    int partitions,
    Database warehouse,
    int threads,
    int batch)
    implements Program.Job {

  /** The content of the topic. */
  public enum Kind {
    PAYMENTS,
    ORDERS
  }

  @Override
  public Runnable start() {
    List<Consuming> consumers =
        IntStream.range(0, threads).mapToObj(share -> new Consuming(this, share)).toList();
    consumers.forEach(Consuming::start);
    return () -> consumers.forEach(Consuming::stop);
  }

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
