package io.orderflow.benchmarks.source.program;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.postgresql.PGConnection;
import org.postgresql.replication.PGReplicationStream;

/** One thread that reads a slot and produces what is there in one Kafka transaction. */
final class LogReading {

  private static final int ORDERS_OF_A_TRANSACTION = 1_000;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final SourceJob job;
  private final OrderJson json = new OrderJson(true);
  private final PgOutput output = new PgOutput();
  private final Thread thread;
  private volatile boolean stopped;

  LogReading(SourceJob job) {
    this.job = job;
    this.thread = new Thread(this::run, "log");
    thread.start();
  }

  /** Returns once it has ended. */
  void stop() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    SourceJob.Shop shop = job.shop();
    try (Connection plain = DriverManager.getConnection(shop.url(), shop.user(), shop.password());
        Statement statement = plain.createStatement()) {
      statement.execute(
          "CREATE PUBLICATION " + shop.publication() + " FOR TABLE orders, order_items");
      try (Connection connection = DriverManager.getConnection(shop.url(), replication(shop));
          KafkaProducer<byte[], byte[]> producer = job.producer(0);
          PGReplicationStream stream = stream(connection, shop)) {
        while (!stopped) {
          produce(stream, producer);
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException("Could not read the log of " + shop.url(), e);
    }
  }

  private static Properties replication(SourceJob.Shop shop) {
    Properties properties = new Properties();
    properties.put("user", shop.user());
    properties.put("password", shop.password());
    properties.put("replication", "database");
    properties.put("preferQueryMode", "simple");
    properties.put("assumeMinServerVersion", "14");
    return properties;
  }

  private static PGReplicationStream stream(Connection connection, SourceJob.Shop shop)
      throws SQLException {
    var api = connection.unwrap(PGConnection.class).getReplicationAPI();
    api.createReplicationSlot()
        .logical()
        .withSlotName(shop.slot())
        .withOutputPlugin("pgoutput")
        .make();
    return api.replicationStream()
        .logical()
        .withSlotName(shop.slot())
        .withSlotOption("proto_version", "1")
        .withSlotOption("publication_names", shop.publication())
        .withStatusInterval(1, TimeUnit.SECONDS)
        .start();
  }

  /** What is there now, in one transaction. */
  private void produce(PGReplicationStream stream, KafkaProducer<byte[], byte[]> producer)
      throws SQLException {
    int pending = 0;
    while (pending < ORDERS_OF_A_TRANSACTION) {
      ByteBuffer message = stream.readPending();
      if (message == null && !output.isWithin()) {
        break;
      }
      List<PgOutput.Placed> placed = message == null ? List.of() : output.take(message);
      if (pending == 0 && !placed.isEmpty()) {
        producer.beginTransaction();
      }
      for (PgOutput.Placed each : placed) {
        byte[] value = json.write(each.order, each.items);
        // What fails shows at the commit.
        Future<RecordMetadata> unused =
            producer.send(new ProducerRecord<>(job.topic(), each.order[0], value));
      }
      pending += placed.size();
    }
    if (pending == 0) {
      LockSupport.parkNanos(PAUSE_NANOS);
      return;
    }
    producer.commitTransaction();
    stream.setAppliedLSN(stream.getLastReceiveLSN());
    stream.setFlushedLSN(stream.getLastReceiveLSN());
  }
}
