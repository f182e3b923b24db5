package io.orderflow.benchmarks.source.program;

import io.orderflow.benchmarks.program.Database;
import io.orderflow.benchmarks.program.Worker;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
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

/** One thread that reads a slot and produces what has arrived in one Kafka transaction. */
final class LogReading extends Worker {

  private static final int ORDERS_OF_A_TRANSACTION = 1_000;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final SourceJob job;
  private final OrderJson json = OrderJson.withTimesAsText();
  private final PgOutput output = new PgOutput();

  LogReading(SourceJob job) {
    super("log");
    this.job = job;
  }

  @Override
  protected void work() throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(job.shop().url(), replication(job.shop()));
        KafkaProducer<byte[], byte[]> producer = job.producer(0)) {
      createSlot(connection);
      try (PGReplicationStream stream = stream(connection)) {
        while (!isStopped()) {
          produce(stream, producer);
        }
        stream.forceUpdateStatus();
      }
    }
  }

  private static Properties replication(Database shop) {
    Properties properties = new Properties();
    properties.put("user", shop.user());
    properties.put("password", shop.password());
    properties.put("replication", "database");
    properties.put("preferQueryMode", "simple");
    properties.put("assumeMinServerVersion", "14");
    return properties;
  }

  /** The slot of an earlier job of the same shop is read on. */
  private void createSlot(Connection replication) throws SQLException {
    try (Connection plain = job.shop().connect();
        Statement statement = plain.createStatement();
        ResultSet slots =
            statement.executeQuery(
                "SELECT FROM pg_replication_slots WHERE slot_name = '" + job.slot() + "'")) {
      if (slots.next()) {
        return;
      }
      statement.execute("CREATE PUBLICATION " + job.slot() + " FOR TABLE orders, order_items");
      replication
          .unwrap(PGConnection.class)
          .getReplicationAPI()
          .createReplicationSlot()
          .logical()
          .withSlotName(job.slot())
          .withOutputPlugin("pgoutput")
          .make();
    }
  }

  private PGReplicationStream stream(Connection connection) throws SQLException {
    return connection
        .unwrap(PGConnection.class)
        .getReplicationAPI()
        .replicationStream()
        .logical()
        .withSlotName(job.slot())
        .withSlotOption("proto_version", "1")
        .withSlotOption("publication_names", job.slot())
        .withStatusInterval(1, TimeUnit.SECONDS)
        .start();
  }

  /** Produces what has arrived, in one transaction. */
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
        // The commit reports failures.
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
