package io.orderflow.sink.apply;

import io.orderflow.common.failure.FailureClass;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.sink.record.Coordinates;
import io.orderflow.sink.update.Update;
import io.orderflow.sink.warehouse.BatchResult;
import io.orderflow.sink.warehouse.Warehouse;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Applies a batch although some of its records cannot be applied. A batch that the database refuses
 * is halved until the bad record stands alone: about 2 log2(n) transactions for each. The halves
 * are applied in order; that they are transactions of their own does no harm, since what is applied
 * twice counts once.
 */
final class BatchApplier {

  private final Warehouse warehouse;
  private final RecordTraces traces;
  private final Consumer<BatchResult> committed;

  /**
   * @param committed told of each transaction
   */
  BatchApplier(Warehouse warehouse, RecordTraces traces, Consumer<BatchResult> committed) {
    this.warehouse = warehouse;
    this.traces = traces;
    this.committed = committed;
  }

  /**
   * Applies all that can be applied.
   *
   * @return the records that the database refuses
   * @throws SQLException when no record is at fault
   */
  List<BadRecord> apply(List<ParsedRecord> batch) throws SQLException {
    List<BadRecord> refused = new ArrayList<>();
    apply(batch, refused);
    return refused;
  }

  private void apply(List<ParsedRecord> batch, List<BadRecord> refused) throws SQLException {
    TransactionTrace trace = traces.transaction(batch);
    try {
      committed.accept(
          trace.follow(
              () -> warehouse.apply(updates(batch), new RecordOrigins(batch), trace.sqlComment())));
    } catch (SQLException failure) {
      trace.failed(failure);
      if (SqlFailures.classify(failure) != FailureClass.BAD_RECORD) {
        throw failure;
      }
      if (batch.size() == 1) {
        ParsedRecord alone = batch.get(0);
        trace.refused();
        refused.add(
            new BadRecord(
                alone.record(),
                new RefusedRecordException(Coordinates.of(alone.record()), failure)));
      } else {
        int middle = batch.size() / 2;
        apply(batch.subList(0, middle), refused);
        apply(batch.subList(middle, batch.size()), refused);
      }
    }
  }

  private static List<Update> updates(List<ParsedRecord> batch) {
    List<Update> updates = new ArrayList<>(2 * batch.size());
    batch.forEach(reading -> updates.addAll(reading.updates()));
    return updates;
  }
}
