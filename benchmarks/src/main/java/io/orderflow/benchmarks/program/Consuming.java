package io.orderflow.benchmarks.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
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
final class Consuming {

  private static final Duration POLL = Duration.ofMillis(100);

  private final Job job;
  private final List<TopicPartition> partitions;
  private final Batch batch;
  private final Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
  private final Thread thread;
  private volatile boolean stopped;
  private int pending;

  /**
   * @param share from 0 to one less than the job's threads
   */
  Consuming(Job job, int share) {
    this.job = job;
    this.partitions =
        IntStream.range(0, job.partitions())
            .filter(partition -> partition % job.threads() == share)
            .mapToObj(partition -> new TopicPartition(job.topic(), partition))
            .toList();
    this.batch = job.newBatch();
    this.thread = new Thread(this::run, job.group() + '-' + share);
  }

  void start() {
    thread.start();
  }

  void stop() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    Job.Warehouse warehouse = job.warehouse();
    try (KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(
                job.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        Connection connection =
            DriverManager.getConnection(warehouse.url(), warehouse.user(), warehouse.password())) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(batch.prepareSql());
      }
      connection.setAutoCommit(false);
      consumer.assign(partitions);
      while (!stopped) {
        consume(consumer, connection);
      }
    } catch (SQLException e) {
      throw new IllegalStateException("Could not write to " + warehouse.url(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("Expected good records in " + job.topic(), e);
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
