package io.orderflow.quickstart.setup;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * A topic as a read_committed consumer sees it, from its beginning.
 *
 * @param bootstrapServers {@code host:port}
 */
public record Topic(String bootstrapServers, String name) {

  private static final Duration POLL = Duration.ofMillis(200);
  private static final long STUCK_AFTER_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** A record of the topic; its value is null for a tombstone. */
  public interface Reader extends Consumer<ConsumerRecord<String, String>> {}

  /**
   * Hands over everything that is in the topic by now; nothing if the topic does not exist.
   *
   * @throws IllegalStateException if Kafka stops answering half-way
   */
  public void read(Reader reader) {
    try (KafkaConsumer<String, String> consumer = consumer()) {
      List<TopicPartition> partitions = partitions(consumer);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      long lastProgress = System.nanoTime();
      while (partitions.stream().anyMatch(at -> consumer.position(at) < end(ends, at))) {
        var records = consumer.poll(POLL);
        records.forEach(reader);
        if (!records.isEmpty()) {
          lastProgress = System.nanoTime();
        } else if (System.nanoTime() - lastProgress > STUCK_AFTER_NANOS) {
          throw new IllegalStateException(
              "Reading %s up to %s made no progress for 60 s".formatted(name, ends));
        }
      }
    }
  }

  private static long end(Map<TopicPartition, Long> ends, TopicPartition partition) {
    return Objects.requireNonNull(ends.get(partition));
  }

  /** Reads the topic from its beginning, once it exists, for as long as the condition holds. */
  public void follow(Reader reader, BooleanSupplier condition) throws InterruptedException {
    try (KafkaConsumer<String, String> consumer = consumer()) {
      List<TopicPartition> partitions = List.of();
      while (partitions.isEmpty() && condition.getAsBoolean()) {
        TimeUnit.MILLISECONDS.sleep(100);
        partitions = partitions(consumer);
      }
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (condition.getAsBoolean()) {
        consumer.poll(POLL).forEach(reader);
      }
    }
  }

  private List<TopicPartition> partitions(KafkaConsumer<String, String> consumer) {
    List<PartitionInfo> known = consumer.listTopics().getOrDefault(name, List.of());
    return known.stream().map(at -> new TopicPartition(name, at.partition())).toList();
  }

  /** Returns whether the cluster has the topic. */
  public boolean exists() {
    try (KafkaConsumer<String, String> consumer = consumer()) {
      Set<String> all = consumer.listTopics().keySet();
      return all.contains(name);
    }
  }

  private KafkaConsumer<String, String> consumer() {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "client.id",
            "quickstart-reads-" + name,
            "isolation.level",
            "read_committed",
            "enable.auto.commit",
            false,
            "allow.auto.create.topics",
            false,
            "fetch.max.wait.ms",
            50);
    return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
  }
}
