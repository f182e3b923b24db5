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
 * Commits the Kafka transaction only at database transaction boundaries, and not while versions are
 * deferred, unless it has become too long or too large. So consumers that read committed records
 * see a state that the database was in, except after such a commit. For one thread.
 */
final class TransactionBoundaries {

  /**
   * While capture is far behind, each look-up shows later changes, so that versions are deferred
   * again and again; this limits how long consumers wait for a commit.
   */
  static final Duration MAX_DURATION = Duration.ofSeconds(5);

  static final int MAX_BATCHES = 10;

  private static final Logger log = LoggerFactory.getLogger(TransactionBoundaries.class);

  private final @Nullable TransactionContext context;
  private final int maxRecords;
  private final InstantSource clock;

  /** The number of records in the open transaction. */
  private long records;

  private Instant began = Instant.EPOCH;

  /**
   * Starts without an open transaction.
   *
   * @param context null if Connect, and not the connector, defines the transactions
   * @param maxRecords after which a transaction is committed even if versions are deferred
   */
  TransactionBoundaries(@Nullable TransactionContext context, int maxRecords, InstantSource clock) {
    this.context = context;
    this.maxRecords = maxRecords;
    this.clock = clock;
  }

  /**
   * Decides whether the transaction ends with the records that a poll returns. Connect asks after
   * each poll, even if it returned none.
   *
   * @param count the number of records
   * @param at whether whole database transactions are emitted with them
   * @param deferred the versions that are deferred after them
   * @return the versions that are still deferred; none once the transaction ends
   */
  DeferredVersions sent(int count, Position at, DeferredVersions deferred) {
    if (context == null) {
      return DeferredVersions.NONE;
    }
    if (records == 0) {
      began = clock.instant();
    }
    records += count;
    if (records > 0 && at == Position.AT_BOUNDARY && (deferred.isEmpty() || isExhausted())) {
      records = 0;
      context.commitTransaction();
      return DeferredVersions.NONE;
    }
    return deferred;
  }

  /** Where the emitted events end. */
  enum Position {
    AT_BOUNDARY,
    WITHIN_TRANSACTION
  }

  private boolean isExhausted() {
    boolean exhausted =
        records >= maxRecords
            || Duration.between(began, clock.instant()).compareTo(MAX_DURATION) >= 0;
    if (exhausted) {
      log.debug(
          "Committing a Kafka transaction of {} records while versions are deferred", records);
    }
    return exhausted;
  }
}
