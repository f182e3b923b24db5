package io.orderflow.benchmarks.sink;

import io.orderflow.benchmarks.measure.WrongContentException;
import io.orderflow.benchmarks.program.Job;
import java.sql.Connection;
import java.sql.SQLException;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What a topic is filled with, and what the warehouse holds once all of it is applied. */
interface Workload {
  /** As the options and the table name it. */
  String name();

  String topic();

  /** Records in the topic. */
  int count();

  Job.Kind kind();

  /** The same kind of records, fewer of them, in a topic of their own. */
  Workload warmUp(int count);

  /**
   * One of the topic's records, always the same.
   *
   * @param i from 0 to one less than {@link #count}
   */
  ProducerRecord<byte[], byte[]> record(int i);

  /** Puts the rows into the warehouse that must be there beforehand. */
  void prepare(Connection warehouse) throws SQLException;

  /**
   * Compares the warehouse with what the records say.
   *
   * @throws WrongContentException saying what was expected and what was found
   */
  void check(Connection warehouse) throws SQLException;
}
