package io.orderflow.benchmarks.source.program;

import io.orderflow.benchmarks.program.Database;
import io.orderflow.benchmarks.program.Program;
import io.orderflow.benchmarks.program.Worker;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The source without Connect.
 *
 * @param slot the name of slot and publication
 * @param orders in the shop, with IDs from 1; for a snapshot
 * @param threads for a snapshot
 */
public record SourceJob(
    Kind kind,
    String bootstrapServers,
    String topic,
    Database shop,
    String slot,
    int orders,
    int threads)
    implements Program.Job {

  /** The two ways to read a shop. */
  public enum Kind {
    SNAPSHOT,
    CHANGES
  }

  @Override
  public Runnable start() {
    List<Worker> workers =
        kind == Kind.CHANGES
            ? List.of(new LogReading(this))
            : IntStream.range(0, threads).<Worker>mapToObj(this::share).toList();
    workers.forEach(Worker::start);
    return () -> workers.forEach(Worker::stop);
  }

  private Worker share(int index) {
    return new CopyReading(
        this, (long) orders * index / threads, (long) orders * (index + 1) / threads);
  }

  /**
   * Ready to begin transactions; batches are as large as those of the shipped example.
   *
   * @param lingerMillis how long a batch waits for more; a commit ends that
   */
  KafkaProducer<byte[], byte[]> producer(int lingerMillis) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", bootstrapServers);
    properties.put("transactional.id", topic + UUID.randomUUID());
    properties.put("compression.type", "lz4");
    properties.put("batch.size", "524288");
    properties.put("linger.ms", Integer.toString(lingerMillis));
    var producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    producer.initTransactions();
    return producer;
  }
}
