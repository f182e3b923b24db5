package io.orderflow.benchmarks.program;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** One thread that polls, parses, writes and commits, one after the other. */
final class Consuming extends Worker {

  private static final Duration POLL = Duration.ofMillis(100);

  private final SinkJob job;
  private final List<TopicPartition> partitions;
  private final Batch batch;
  private final Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
  private int pending;

  /**
   * @param share from 0 to one less than the job's threads
   */
  Consuming(SinkJob job, int share) {
    super(job.group() + '-' + share);
    this.job = job;
    this.partitions =
        IntStream.range(0, job.partitions())
            .filter(partition -> partition % job.threads() == share)
            .mapToObj(partition -> new TopicPartition(job.topic(), partition))
            .toList();
    this.batch = job.newBatch();
  }

  @Override
  protected void work() throws SQLException, IOException {
    try (KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(
                job.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        Connection connection = job.warehouse().connect()) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(batch.prepareSql());
      }
      connection.setAutoCommit(false);
      consumer.assign(partitions);
      while (!isStopped()) {
        consume(consumer, connection);
      }
    }
  }

  private void consume(KafkaConsumer<byte[], byte[]> consumer, Connection connection)
      throws IOException, SQLException {
    ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
    for (ConsumerRecord<byte[], byte[]> record : polled) {
      batch.add(record.value());
      next.put(
          new TopicPartition(record.topic(), record.partition()),
          new OffsetAndMetadata(record.offset() + 1));
      if (++pending == job.batch()) {
        write(consumer, connection);
      }
    }
    if (polled.isEmpty() && pending > 0) {
      write(consumer, connection);
    }
  }

  private void write(KafkaConsumer<byte[], byte[]> consumer, Connection connection)
      throws SQLException {
    batch.write(connection);
    connection.commit();
    consumer.commitAsync(Map.copyOf(next), null);
    pending = 0;
  }
}
