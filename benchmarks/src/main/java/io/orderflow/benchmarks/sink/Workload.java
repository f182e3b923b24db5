package io.orderflow.benchmarks.sink;

import io.orderflow.benchmarks.measure.WrongContentException;
import io.orderflow.benchmarks.program.SinkJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The content of a topic, and of the warehouse once all of it is applied. */
interface Workload {
  /** The name in the options and the table. */
  String name();

  String topic();

  /** Records in the topic. */
  int count();

  SinkJob.Kind kind();

  /** Settings of the inventory sink beyond the shipped example's. */
  default Map<String, String> settings() {
    return Map.of();
  }

  default boolean isPayments() {
    return kind() == SinkJob.Kind.PAYMENTS;
  }

  /** The same kind of records, fewer of them, in a topic of their own. */
  Workload warmUp(int count);

  /**
   * One of the topic's records, always the same.
   *
   * @param i from 0 to one less than {@link #count}
   */
  ProducerRecord<byte[], byte[]> record(int i);

  /** Inserts the rows that the warehouse must have beforehand. */
  void prepare(Connection warehouse) throws SQLException;

  /**
   * Compares the warehouse with the records.
   *
   * @throws WrongContentException with what was expected and what was found
   */
  void check(Connection warehouse) throws SQLException;
}
