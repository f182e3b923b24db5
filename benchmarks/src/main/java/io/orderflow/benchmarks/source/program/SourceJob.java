package io.orderflow.benchmarks.source.program;

import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What the program is to do.
 *
 * @param orders in the shop, with IDs from 1; for a load
 * @param threads for a load
 */
public record SourceJob(
    Kind kind, String bootstrapServers, String topic, Shop shop, int orders, int threads) {

  /** Nothing at all, or one of the two that it can do. */
  public enum Kind {
    NOTHING,
    LOAD,
    CHANGES
  }

  /** What is captured. */
  public record Shop(String url, String user, String password, String slot, String publication) {}

  /** Begins it; what is returned ends it. */
  Runnable start() {
    return switch (kind) {
      case NOTHING -> () -> {};
      case LOAD -> load();
      case CHANGES -> new LogReading(this)::stop;
    };
  }

  private Runnable load() {
    List<CopyReading> shares =
        IntStream.range(0, threads)
            .mapToObj(
                share ->
                    new CopyReading(
                        this,
                        (long) orders * share / threads,
                        (long) orders * (share + 1) / threads))
            .toList();
    return () -> shares.forEach(CopyReading::stop);
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
