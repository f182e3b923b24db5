package io.orderflow.it.runbook;

import io.orderflow.stack.KafkaCluster;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;

/**
 * A transaction that its partitions have as open and its coordinator does not know, once it is
 * started again: its state is deleted from the coordinator's log.
 */
final class ForgottenTransaction implements AutoCloseable {

  private static final String ID = "forgotten";

  /** The number that the local stack's broker has. */
  private static final int STATE_PARTITIONS = 5;

  private final KafkaCluster kafka;
  private final KafkaProducer<byte[], byte[]> producer;

  private ForgottenTransaction(KafkaCluster kafka) {
    this.kafka = kafka;
    this.producer =
        producer(
            Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "transactional.id",
                ID,
                "transaction.timeout.ms",
                900_000));
  }

  private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  static ForgottenTransaction begin(KafkaCluster kafka) {
    var transaction = new ForgottenTransaction(kafka);
    transaction.producer.initTransactions();
    transaction.producer.beginTransaction();
    return transaction;
  }

  /** Returns the offset of the record that it wrote. */
  long write(String topic, int partition) throws ExecutionException, InterruptedException {
    byte[] nothing = {};
    return producer.send(new ProducerRecord<>(topic, partition, nothing, nothing)).get().offset();
  }

  /** Takes effect with the coordinator's next start. */
  void forget() throws ExecutionException, InterruptedException {
    byte[] name = ID.getBytes(StandardCharsets.UTF_8);
    // Version, length and name: a key of the log as TransactionLogKey.json of Kafka has it.
    byte[] key =
        ByteBuffer.allocate(2 * Short.BYTES + name.length)
            .putShort((short) 0)
            .putShort((short) name.length)
            .put(name)
            .array();
    // Only this client may write into Kafka's own topics.
    try (var admin =
        producer(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "client.id", "__admin_client"))) {
      int partition = Utils.abs(ID.hashCode()) % STATE_PARTITIONS;
      admin.send(new ProducerRecord<>("__transaction_state", partition, key, null)).get();
    }
  }

  /** Leaves it open. */
  @Override
  public void close() {
    producer.close(Duration.ZERO);
  }
}
