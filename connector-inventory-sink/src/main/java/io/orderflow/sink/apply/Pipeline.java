package io.orderflow.sink.apply;

import io.orderflow.sink.record.BadRecordException;
import io.orderflow.sink.record.UpdateReader;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.sink.SinkRecord;

/** From records to committed transactions. */
final class Pipeline {

  private final UpdateReader reader;
  private final Bisection transactions;
  private final int batchSize;

  Pipeline(UpdateReader reader, Bisection transactions, int batchSize) {
    this.reader = reader;
    this.transactions = transactions;
    this.batchSize = batchSize;
  }

  /**
   * Applies the records, a transaction for each {@code batchSize} of them.
   *
   * @return those that can never be applied
   * @throws SQLException when no record is at fault; some of the records may be applied by then
   */
  List<BadRecord> apply(List<SinkRecord> records) throws SQLException {
    List<BadRecord> bad = new ArrayList<>();
    for (int from = 0; from < records.size(); from += batchSize) {
      int to = Math.min(from + batchSize, records.size());
      List<Reading> batch = read(records.subList(from, to), bad);
      if (!batch.isEmpty()) {
        bad.addAll(transactions.apply(batch));
      }
    }
    return bad;
  }

  private List<Reading> read(List<SinkRecord> records, List<BadRecord> bad) {
    List<Reading> readings = new ArrayList<>(records.size());
    for (SinkRecord record : records) {
      try {
        readings.add(new Reading(record, reader.read(record)));
      } catch (BadRecordException e) {
        bad.add(new BadRecord(record, e));
      }
    }
    return readings;
  }
}
