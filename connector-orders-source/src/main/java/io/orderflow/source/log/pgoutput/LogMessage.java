package io.orderflow.source.log.pgoutput;

import io.orderflow.common.database.TableName;
import io.orderflow.source.offset.Lsn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message of pgoutput that log capture uses. Transaction IDs and OIDs are unsigned 32-bit values;
 * times are milliseconds since the Unix epoch.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html">Logical
 *     Replication Message Formats</a>
 */
public sealed interface LogMessage {

  /**
   * The first message of a committed transaction, up to its {@link Commit}.
   *
   * @param commitLsn the LSN of its commit
   */
  record Begin(Lsn commitLsn, long commitTime, long xid) implements LogMessage {}

  /**
   * The last message of a transaction.
   *
   * @param endLsn the position after the transaction; acknowledging it covers the transaction
   */
  record Commit(Lsn commitLsn, Lsn endLsn, long commitTime) implements LogMessage {}

  /**
   * Describes a table's columns: before its first change, and again after it was altered.
   *
   * @param oid the table's OID, by which row changes refer to it
   * @param schema empty for {@code pg_catalog}
   */
  record Relation(long oid, String schema, String table, List<RelationColumn> columns)
      implements LogMessage {

    public Relation {
      columns = List.copyOf(columns);
    }

    /** The same columns under the name of the partitioned table. */
    public Relation asPartitionOf(TableName root) {
      return new Relation(oid, root.schema(), root.table(), columns);
    }
  }

  /** A change of one row. */
  sealed interface RowMessage extends LogMessage {

    /** The OID of the table, as its {@link Relation} has it. */
    long relation();
  }

  /** An inserted row. */
  record Insert(long relation, Tuple row) implements RowMessage {}

  /**
   * An updated row.
   *
   * @param old null if the replica identity is a key that did not change
   */
  record Update(long relation, @Nullable OldRow old, Tuple row) implements RowMessage {}

  /** A deleted row. */
  record Delete(long relation, OldRow old) implements RowMessage {}

  /**
   * Tables that were emptied by one TRUNCATE.
   *
   * @param relations OIDs of those that are published
   */
  record Truncate(List<Long> relations) implements LogMessage {

    public Truncate {
      relations = List.copyOf(relations);
    }
  }

  /**
   * A column as a {@link LogMessage.Relation} describes it.
   *
   * @param key whether it is part of the replica identity
   * @param type the OID of its type
   * @param modifier {@code atttypmod}; -1 where the type has none
   */
  public record RelationColumn(String name, boolean key, long type, int modifier) {}

  /**
   * A row before its update or delete.
   *
   * @param tuple has as many columns as the relation; for {@link Kind#KEY}, columns outside the key
   *     are null
   */
  public record OldRow(Kind kind, Tuple tuple) {

    /** How much of the row the log contains. */
    public enum Kind {
      /** The columns of the replica identity. */
      KEY,
      /** All columns: the table has REPLICA IDENTITY FULL. */
      FULL
    }
  }
}
