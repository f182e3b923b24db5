package io.orderflow.benchmarks.source.program;

import io.orderflow.benchmarks.program.Worker;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** One thread that reads a range of orders and their items, merges and produces them. */
final class CopyReading extends Worker {

  private static final int ORDERS_OF_A_TRANSACTION = 20_000;
  private static final int UNTIL_THE_COMMIT = 10_000;

  private static final String ORDERS =
      """
      SELECT id, customer, status, total, currency, (extract(epoch FROM created_at) * 1000)::bigint,
             (extract(epoch FROM updated_at) * 1000)::bigint, version
      FROM orders WHERE id > %d AND id <= %d ORDER BY id
      """;

  private static final String ITEMS =
      """
      SELECT order_id, line_no, sku, quantity, unit_price
      FROM order_items WHERE order_id > %d AND order_id <= %d ORDER BY order_id, line_no
      """;

  private final SourceJob job;
  private final long after;
  private final long upTo;
  private final OrderJson json = OrderJson.withTimesAsMillis();

  CopyReading(SourceJob job, long after, long upTo) {
    super("copy-" + after);
    this.job = job;
    this.after = after;
    this.upTo = upTo;
  }

  @Override
  protected void work() throws SQLException {
    try (Connection one = job.shop().connect();
        Connection other = job.shop().connect();
        KafkaProducer<byte[], byte[]> producer = job.producer(UNTIL_THE_COMMIT)) {
      CopyRows orders = new CopyRows(one, ORDERS.formatted(after, upTo), 8);
      CopyRows items = new CopyRows(other, ITEMS.formatted(after, upTo), 5);
      merge(orders, items, producer);
    }
  }

  private void merge(CopyRows orders, CopyRows items, KafkaProducer<byte[], byte[]> producer)
      throws SQLException {
    byte @Nullable [][] item = items.next();
    int pending = 0;
    for (byte @Nullable [][] order = orders.next(); order != null; order = orders.next()) {
      List<byte[][]> ofOrder = new ArrayList<>(4);
      while (item != null && Arrays.equals(item[0], order[0])) {
        ofOrder.add(item);
        item = items.next();
      }
      if (pending == 0) {
        producer.beginTransaction();
      }
      // The commit reports failures.
      Future<RecordMetadata> unused =
          producer.send(new ProducerRecord<>(job.topic(), order[0], json.write(order, ofOrder)));
      if (++pending == ORDERS_OF_A_TRANSACTION) {
        producer.commitTransaction();
        pending = 0;
      }
    }
    if (pending > 0) {
      producer.commitTransaction();
    }
  }

  /** The rows of a COPY in text format, of values without tabs, backslashes and nulls. */
  static final class CopyRows {

    private final CopyOut copy;
    private final int columns;

    CopyRows(Connection connection, String query, int columns) throws SQLException {
      this.copy =
          connection
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyOut("COPY (" + query + ") TO STDOUT");
      this.columns = columns;
    }

    /** The next row's columns, null after the last. */
    byte @Nullable [][] next() throws SQLException {
      byte[] line = copy.readFromCopy();
      return line == null ? null : split(line, columns);
    }

    /**
     * Splits a line at its tabs.
     *
     * @param line with its line feed
     */
    static byte[][] split(byte[] line, int columns) {
      byte[][] row = new byte[columns][];
      int start = 0;
      for (int column = 0; column < columns; column++) {
        int end = start;
        while (line[end] != '\t' && line[end] != '\n') {
          end++;
        }
        row[column] = Arrays.copyOfRange(line, start, end);
        start = end + 1;
      }
      return row;
    }
  }
}
