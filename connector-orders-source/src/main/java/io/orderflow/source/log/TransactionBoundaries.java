package io.orderflow.source.log;

import io.orderflow.source.log.change.DeferredVersions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.apache.kafka.connect.source.TransactionContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends Kafka transactions where whole database transactions are told, and none of them in a state
 * that a later one made: so whoever reads committed records sees the shop as it was after one of
 * its transactions. For one thread.
 */
public final class TransactionBoundaries {

  private static final Logger log = LoggerFactory.getLogger(TransactionBoundaries.class);

  /** Far behind, each look-up shows later changes; consumers are not to wait for the last one. */
  public static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  static final int MOST_BATCHES = 10;

  private final @Nullable TransactionContext context;
  private final DeferredVersions owed;
  private final int mostRecords;
  private final InstantSource clock;

  /** Since the last end. */
  private long records;

  private Instant begun = Instant.EPOCH;

  /**
   * No transaction is open.
   *
   * @param context null where the connector does not say which records make a transaction
   * @param mostRecords with so many a transaction ends even where something is owed
   */
  TransactionBoundaries(
      @Nullable TransactionContext context,
      DeferredVersions owed,
      int mostRecords,
      InstantSource clock) {
    this.context = context;
    this.owed = owed;
    this.mostRecords = mostRecords;
    this.clock = clock;
  }

  /**
   * Some records are about to be sent, or none. Connect asks after each poll, also after one that
   * yields null, whether a transaction ends with it.
   *
   * @param between whether whole database transactions are told then
   */
  void sending(int some, boolean between) {
    if (context == null) {
      owed.forget();
      return;
    }
    if (records == 0) {
      begun = clock.instant();
    }
    records += some;
    if (records > 0 && between && (owed.isNothing() || isSpent())) {
      owed.forget();
      records = 0;
      context.commitTransaction();
    }
  }

  private boolean isSpent() {
    boolean spent =
        records >= mostRecords
            || Duration.between(begun, clock.instant()).compareTo(LONGEST_WAIT) >= 0;
    if (spent) {
      log.debug("A Kafka transaction of {} records ends though some show later changes", records);
    }
    return spent;
  }
}
