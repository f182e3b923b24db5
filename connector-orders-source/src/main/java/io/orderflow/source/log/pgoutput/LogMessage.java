package io.orderflow.source.log.pgoutput;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message of pgoutput, of the protocol's versions 1 to 4. Positions in the log (LSN) are unsigned
 * 64-bit numbers; transaction IDs and OIDs are the unsigned 32-bit values; times are milliseconds
 * since the Unix epoch.
 *
 * <p>Where a message can stand inside a block of a transaction that still runs, its {@code xid} is
 * that of the transaction, or of the subtransaction, that made the change; elsewhere it is {@link
 * #NONE}, and the change belongs to the transaction that has begun.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html">Logical
 *     Replication Message Formats</a>
 */
public sealed interface LogMessage {

  /** In place of a transaction ID that was not sent. PostgreSQL has no transaction 0. */
  long NONE = 0;

  /**
   * A committed transaction's changes follow, up to its {@link Commit}.
   *
   * @param commitLsn the LSN that its commit has too
   */
  record Begin(long commitLsn, long commitTime, long xid) implements LogMessage {}

  /**
   * Ends what {@link Begin} began.
   *
   * @param endLsn where the log goes on after the transaction: what to confirm
   */
  record Commit(long commitLsn, long endLsn, long commitTime) implements LogMessage {}

  /**
   * The transaction was replicated from another server.
   *
   * @param commitLsn of its commit over there
   */
  record Origin(long commitLsn, String name) implements LogMessage {}

  /**
   * A table's columns from here on: before its first change, and again after it was altered.
   *
   * @param oid what changes name the table by
   * @param schema empty for {@code pg_catalog}
   */
  record Relation(
      long xid,
      long oid,
      String schema,
      String table,
      ReplicaIdentity identity,
      List<RelationColumn> columns)
      implements LogMessage {

    public Relation {
      columns = List.copyOf(columns);
    }
  }

  /**
   * The name of a type that is not built in, before the {@link Relation} that uses it; of its base
   * type where it is a domain.
   *
   * @param schema empty for {@code pg_catalog}
   */
  record Type(long xid, long oid, String schema, String name) implements LogMessage {}

  /** A change of one row. */
  sealed interface RowMessage extends LogMessage {

    long xid();

    /** The OID of the table, as its {@link Relation} gave it. */
    long relation();
  }

  /** A new row. */
  record Insert(long xid, long relation, Tuple row) implements RowMessage {}

  /**
   * A changed row.
   *
   * @param old null where the replica identity is a key that stayed as it was
   */
  record Update(long xid, long relation, @Nullable OldRow old, Tuple row) implements RowMessage {}

  /** A row that is gone. */
  record Delete(long xid, long relation, OldRow old) implements RowMessage {}

  /**
   * Tables that were emptied together.
   *
   * @param relations OIDs of all that are published
   * @param restartIdentity whether their sequences start over
   */
  record Truncate(long xid, List<Long> relations, boolean cascade, boolean restartIdentity)
      implements LogMessage {

    public Truncate {
      relations = List.copyOf(relations);
    }
  }

  /**
   * What {@code pg_logical_emit_message} wrote.
   *
   * @param transactional whether it belongs to a transaction; else it stands between two of them,
   *     and was there even if its transaction was not committed
   * @param content shares memory with the message
   */
  record Message(long xid, boolean transactional, long lsn, String prefix, ByteBuffer content)
      implements LogMessage {}

  /**
   * A block of changes of a transaction that still runs follows, up to {@link StreamStop}.
   *
   * @param first whether it is the transaction's first block
   */
  record StreamStart(long xid, boolean first) implements LogMessage {}

  /** Ends a block. */
  record StreamStop() implements LogMessage {}

  /** A transaction that was told in blocks is committed. */
  record StreamCommit(long xid, long commitLsn, long endLsn, long commitTime)
      implements LogMessage {}

  /**
   * A transaction that was told in blocks is undone, or a part of it.
   *
   * @param subtransaction what is undone; equal to {@code xid} where it is all
   * @param at null unless the stream was asked for with {@link Streaming#PARALLEL}
   */
  record StreamAbort(long xid, long subtransaction, @Nullable AbortPoint at)
      implements LogMessage {}

  /** Where and when a transaction was undone. */
  record AbortPoint(long lsn, long time) {}

  /**
   * A prepared transaction's changes follow, up to its {@link Prepare}.
   *
   * @param gid the name that {@code PREPARE TRANSACTION} gave it
   */
  record BeginPrepare(long prepareLsn, long endLsn, long prepareTime, long xid, String gid)
      implements LogMessage {}

  /** Ends what {@link BeginPrepare} began. */
  record Prepare(long prepareLsn, long endLsn, long prepareTime, long xid, String gid)
      implements LogMessage {}

  /** A prepared transaction, told before, is committed. */
  record CommitPrepared(long commitLsn, long endLsn, long commitTime, long xid, String gid)
      implements LogMessage {}

  /**
   * A prepared transaction, told before, is undone.
   *
   * @param prepareEndLsn where the log went on after it was prepared
   * @param endLsn where the log goes on after it was undone
   */
  record RollbackPrepared(
      long prepareEndLsn, long endLsn, long prepareTime, long rollbackTime, long xid, String gid)
      implements LogMessage {}

  /** A transaction that was told in blocks is prepared. */
  record StreamPrepare(long prepareLsn, long endLsn, long prepareTime, long xid, String gid)
      implements LogMessage {}
}
