package io.orderflow.benchmarks;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The topics of a run. Values and keys are bytes; reading is read_committed. */
public record Topics(String bootstrapServers) {

  public static final int PARTITIONS = 8;

  /**
   * Creates the topic with 8 partitions whose broker stamps each record as it arrives. Returns once
   * each partition has a leader that answers.
   */
  public void create(String topic) {
    NewTopic stamped =
        new NewTopic(topic, PARTITIONS, (short) 1)
            .configs(Map.of("message.timestamp.type", "LogAppendTime"));
    administer(admin -> admin.createTopics(List.of(stamped)).all());
  }

  /** Deletes the topics; their content is removed from the disk a minute later. */
  public void delete(Collection<String> topics) {
    administer(admin -> admin.deleteTopics(topics).all());
  }

  /** A client for requests; the caller closes it. */
  public Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", bootstrapServers));
  }

  private <T> T administer(Function<Admin, KafkaFuture<T>> request) {
    try (Admin admin = admin()) {
      return answer(request.apply(admin));
    }
  }

  private static <T> T answer(KafkaFuture<T> request) {
    try {
      return request.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("The broker rejected a request", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }

  public KafkaProducer<byte[], byte[]> producer() {
    Properties properties = new Properties();
    properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    properties.put(ProducerConfig.LINGER_MS_CONFIG, "50");
    properties.put(ProducerConfig.BATCH_SIZE_CONFIG, "262144");
    // The first batches of a new topic may be rejected; later ones must not be written first.
    properties.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "1");
    properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Up to where a read_committed consumer can read, summed over the topics' partitions. */
  public long committedEnd(Admin admin, Collection<String> topics) {
    Map<TopicPartition, OffsetSpec> latest =
        partitions(topics).stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest()));
    return answer(
        admin
            .listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
            .all()
            .thenApply(ends -> ends.values().stream().mapToLong(end -> end.offset()).sum()));
  }

  /** The committed offsets of a group, summed over all partitions; 0 without such a group. */
  public long committedOffsets(Admin admin, String group) {
    try {
      return admin
          .listConsumerGroupOffsets(group)
          .partitionsToOffsetAndMetadata()
          .get()
          .values()
          .stream()
          .filter(Objects::nonNull)
          .mapToLong(offset -> offset.offset())
          .sum();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return 0;
      }
      throw new IllegalStateException("Could not read the offsets of " + group, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }

  /** Hands over every committed record of the topics, partition by partition as they come. */
  public void readAll(Collection<String> topics, Consumer<ConsumerRecord<byte[], byte[]>> each) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(topics)) {
      Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        consumer.poll(Duration.ofMillis(200)).forEach(each);
      }
    }
  }

  private static List<TopicPartition> partitions(Collection<String> topics) {
    return topics.stream()
        .flatMap(
            topic ->
                IntStream.range(0, PARTITIONS)
                    .mapToObj(partition -> new TopicPartition(topic, partition)))
        .toList();
  }

  /** A consumer of committed records at the beginning of the topics; the caller closes it. */
  public KafkaConsumer<byte[], byte[]> consumer(Collection<String> topics) {
    Properties properties = new Properties();
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "5000");
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions = partitions(topics);
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return consumer;
  }
}
