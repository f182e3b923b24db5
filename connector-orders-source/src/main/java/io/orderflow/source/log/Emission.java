package io.orderflow.source.log;

import io.orderflow.source.event.EmittedEvent;
import io.orderflow.source.log.change.DatabaseTransaction;
import io.orderflow.source.log.change.DeferredVersions;
import io.orderflow.source.log.change.Resolution;
import io.orderflow.source.log.change.Resolution.ResolvedEvent;
import io.orderflow.source.log.change.TransactionPart;
import io.orderflow.source.log.snapshot.ChunkEvents;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.schema.OrderSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The events that one poll emits.
 *
 * @param schema the schema of the events' values
 * @param recorded the offset of the last event's record: what is stored once it is delivered
 * @param offset how far capture has come with these events; may be after {@code recorded}, if the
 *     transactions in between emit nothing
 * @param deferred the versions that are deferred after them
 */
record Emission(
    OrderSchema schema,
    List<EmittedEvent> events,
    LogOffset recorded,
    LogOffset offset,
    DeferredVersions deferred) {

  /** Emits nothing. */
  static Emission none(OrderSchema schema, LogOffset offset, DeferredVersions deferred) {
    return new Emission(schema, List.of(), offset, offset, deferred);
  }

  /** Emits a chunk of the initial snapshot. */
  static Emission of(ChunkEvents chunk, DeferredVersions deferred) {
    return new Emission(chunk.schema(), chunk.events(), chunk.offset(), chunk.offset(), deferred);
  }

  /**
   * Emits a batch of transactions.
   *
   * @param before the end of the events that were emitted before
   */
  static Emission of(
      Map<String, Object> partition,
      OrderSchema schema,
      List<TransactionPart> batch,
      Resolution resolution,
      LogOffset before) {
    TransactionPart last = batch.get(batch.size() - 1);
    List<ResolvedEvent> resolved = resolution.events();
    List<EmittedEvent> events = new ArrayList<>(resolved.size());
    LogOffset recorded = before;
    for (int i = 0; i < resolved.size(); i++) {
      ResolvedEvent event = resolved.get(i);
      boolean moreOfTransaction =
          i + 1 < resolved.size()
              ? isSame(resolved.get(i + 1).transaction(), event.transaction())
              : isSame(last.transaction(), event.transaction()) && !last.isLast();
      recorded = offsetOf(event, moreOfTransaction, before);
      events.add(new EmittedEvent(partition, recorded, event.event()));
    }
    return new Emission(
        schema, events, recorded, endOf(last, before, recorded), resolution.deferred());
  }

  /** The last event of a transaction has the offset at its end, all others one within it. */
  private static LogOffset offsetOf(
      ResolvedEvent event, boolean moreOfTransaction, LogOffset before) {
    DatabaseTransaction transaction = event.transaction();
    LogOffset after =
        moreOfTransaction
            ? before.withinTransaction(transaction.commitLsn(), event.index() + 1L)
            : before.advancedTo(transaction.endLsn());
    return after.with(event.ahead());
  }

  /**
   * The end of a batch.
   *
   * @param recorded the offset of its last event; {@code before} if there is none
   */
  private static LogOffset endOf(TransactionPart last, LogOffset before, LogOffset recorded) {
    DatabaseTransaction transaction = last.transaction();
    LogOffset after =
        last.isLast()
            ? before.advancedTo(transaction.endLsn())
            : before.withinTransaction(transaction.commitLsn(), last.to());
    return after.with(recorded.known().emittedAhead());
  }

  private static boolean isSame(DatabaseTransaction one, DatabaseTransaction other) {
    return one.commitLsn().equals(other.commitLsn());
  }

  /** This emission with a later offset, since the transactions in between have nothing to emit. */
  Emission withOffset(LogOffset advanced) {
    return new Emission(schema, events, recorded, advanced, deferred.reached(advanced.lsn()));
  }

  /** This emission without deferred versions, since their own changes will not be streamed. */
  Emission withoutDeferred() {
    return new Emission(schema, events, recorded, offset, DeferredVersions.NONE);
  }
}
