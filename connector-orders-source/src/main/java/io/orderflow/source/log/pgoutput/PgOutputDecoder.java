package io.orderflow.source.log.pgoutput;

import io.orderflow.source.log.pgoutput.LogMessage.AbortPoint;
import io.orderflow.source.log.pgoutput.LogMessage.Begin;
import io.orderflow.source.log.pgoutput.LogMessage.BeginPrepare;
import io.orderflow.source.log.pgoutput.LogMessage.Commit;
import io.orderflow.source.log.pgoutput.LogMessage.CommitPrepared;
import io.orderflow.source.log.pgoutput.LogMessage.Delete;
import io.orderflow.source.log.pgoutput.LogMessage.Insert;
import io.orderflow.source.log.pgoutput.LogMessage.Message;
import io.orderflow.source.log.pgoutput.LogMessage.Origin;
import io.orderflow.source.log.pgoutput.LogMessage.Prepare;
import io.orderflow.source.log.pgoutput.LogMessage.Relation;
import io.orderflow.source.log.pgoutput.LogMessage.RollbackPrepared;
import io.orderflow.source.log.pgoutput.LogMessage.StreamAbort;
import io.orderflow.source.log.pgoutput.LogMessage.StreamCommit;
import io.orderflow.source.log.pgoutput.LogMessage.StreamPrepare;
import io.orderflow.source.log.pgoutput.LogMessage.StreamStart;
import io.orderflow.source.log.pgoutput.LogMessage.StreamStop;
import io.orderflow.source.log.pgoutput.LogMessage.Truncate;
import io.orderflow.source.log.pgoutput.LogMessage.Type;
import io.orderflow.source.log.pgoutput.LogMessage.Update;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes the messages of one stream, one after the other: inside a block of a transaction that
 * still runs they have another form than outside. For one thread.
 */
public final class PgOutputDecoder {

  private static final String XID = "the transaction ID";
  private static final String RELATION = "the table's OID";
  private static final String SCHEMA = "the schema";
  private static final String NEW_ROW = "a new row";
  private static final String COMMIT_LSN = "the commit LSN";
  private static final String PREPARE_LSN = "the LSN of the prepare";
  private static final String END_LSN = "the end LSN";
  private static final String COMMIT_TIME = "the commit time";
  private static final String PREPARE_TIME = "the time of the prepare";

  /** Flags, an empty name, type and modifier. */
  private static final long MIN_COLUMN = 10;

  private final Streaming streaming;
  private boolean inBlock;

  /**
   * A decoder at the start of a stream.
   *
   * @param streaming what the stream was asked for with
   */
  public PgOutputDecoder(Streaming streaming) {
    this.streaming = streaming;
  }

  /**
   * Decodes one message.
   *
   * @param message all that remains in the buffer, whose position stays as it is. Tuples keep its
   *     memory: it must not be written again
   * @throws MalformedMessageException when it is cut short, too long or of an unknown kind
   */
  public LogMessage decode(ByteBuffer message) {
    MessageReader in = MessageReader.of(message);
    LogMessage decoded = read(in);
    in.requireEnd();
    if (decoded instanceof StreamStart) {
      inBlock = true;
    } else if (decoded instanceof StreamStop) {
      inBlock = false;
    }
    return decoded;
  }

  private LogMessage read(MessageReader in) {
    char kind = in.letter("the kind of message");
    return switch (kind) {
      case 'B' -> new Begin(in.int64(COMMIT_LSN), in.time(COMMIT_TIME), in.uint32(XID));
      case 'C' -> commit(in);
      case 'O' -> new Origin(in.int64(COMMIT_LSN), in.string("the origin's name"));
      case 'R' -> relation(in);
      case 'Y' -> type(in);
      case 'I' -> insert(in);
      case 'U' -> update(in);
      case 'D' -> delete(in);
      case 'T' -> truncate(in);
      case 'M' -> message(in);
      case 'S' -> new StreamStart(in.uint32(XID), in.letter("whether it is the first") == 1);
      case 'E' -> new StreamStop();
      case 'c' -> streamCommit(in);
      case 'A' -> streamAbort(in);
      default -> twoPhase(kind, in);
    };
  }

  private LogMessage twoPhase(char kind, MessageReader in) {
    return switch (kind) {
      case 'b' ->
          new BeginPrepare(
              in.int64(PREPARE_LSN),
              in.int64(END_LSN),
              in.time(PREPARE_TIME),
              in.uint32(XID),
              gid(in));
      case 'P' -> {
        skipFlags(in);
        yield new Prepare(
            in.int64(PREPARE_LSN),
            in.int64(END_LSN),
            in.time(PREPARE_TIME),
            in.uint32(XID),
            gid(in));
      }
      case 'K' -> {
        skipFlags(in);
        yield new CommitPrepared(
            in.int64(COMMIT_LSN), in.int64(END_LSN), in.time(COMMIT_TIME), in.uint32(XID), gid(in));
      }
      case 'r' -> {
        skipFlags(in);
        yield new RollbackPrepared(
            in.int64("the end LSN of the prepare"),
            in.int64(END_LSN),
            in.time(PREPARE_TIME),
            in.time("the rollback time"),
            in.uint32(XID),
            gid(in));
      }
      case 'p' -> {
        skipFlags(in);
        yield new StreamPrepare(
            in.int64(PREPARE_LSN),
            in.int64(END_LSN),
            in.time(PREPARE_TIME),
            in.uint32(XID),
            gid(in));
      }
      default -> throw in.unexpected("the letter of a pgoutput message", kind);
    };
  }

  private static Commit commit(MessageReader in) {
    skipFlags(in);
    return new Commit(in.int64(COMMIT_LSN), in.int64(END_LSN), in.time(COMMIT_TIME));
  }

  private static StreamCommit streamCommit(MessageReader in) {
    long xid = in.uint32(XID);
    skipFlags(in);
    return new StreamCommit(xid, in.int64(COMMIT_LSN), in.int64(END_LSN), in.time(COMMIT_TIME));
  }

  private Relation relation(MessageReader in) {
    long xid = xid(in);
    long oid = in.uint32(RELATION);
    String schema = in.string(SCHEMA);
    String table = in.string("the table's name");
    ReplicaIdentity identity = identity(in);
    int count = in.uint16("the count of columns");
    in.require(count * MIN_COLUMN, "the columns");
    List<RelationColumn> columns = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      boolean key = (in.letter("a column's flags") & 1) != 0;
      columns.add(
          new RelationColumn(
              in.string("a column's name"),
              key,
              in.uint32("a column's type"),
              in.int32("a column's type modifier")));
    }
    return new Relation(xid, oid, schema, table, identity, columns);
  }

  private static ReplicaIdentity identity(MessageReader in) {
    char letter = in.letter("the replica identity");
    return switch (letter) {
      case 'd' -> ReplicaIdentity.DEFAULT;
      case 'n' -> ReplicaIdentity.NOTHING;
      case 'f' -> ReplicaIdentity.FULL;
      case 'i' -> ReplicaIdentity.INDEX;
      default -> throw in.unexpected("a replica identity, one of d, n, f and i", letter);
    };
  }

  private Type type(MessageReader in) {
    return new Type(
        xid(in), in.uint32("the type's OID"), in.string(SCHEMA), in.string("the type's name"));
  }

  private Insert insert(MessageReader in) {
    long xid = xid(in);
    long relation = in.uint32(RELATION);
    requireNewRow(in, in.letter(NEW_ROW));
    return new Insert(xid, relation, in.tuple());
  }

  private Update update(MessageReader in) {
    long xid = xid(in);
    long relation = in.uint32(RELATION);
    char letter = in.letter("an old or a new row");
    OldRow old = null;
    if (letter == 'K' || letter == 'O') {
      old = oldRow(in, letter);
      letter = in.letter(NEW_ROW);
    }
    requireNewRow(in, letter);
    return new Update(xid, relation, old, in.tuple());
  }

  private Delete delete(MessageReader in) {
    return new Delete(xid(in), in.uint32(RELATION), oldRow(in, in.letter("an old row")));
  }

  private static OldRow oldRow(MessageReader in, char letter) {
    return switch (letter) {
      case 'K' -> new OldRow(OldRow.Kind.KEY, in.tuple());
      case 'O' -> new OldRow(OldRow.Kind.WHOLE, in.tuple());
      default -> throw in.unexpected("an old row, K or O", letter);
    };
  }

  private static void requireNewRow(MessageReader in, char letter) {
    if (letter != 'N') {
      throw in.unexpected("a new row, N", letter);
    }
  }

  private Truncate truncate(MessageReader in) {
    long xid = xid(in);
    long count = in.uint32("the count of tables");
    int flags = in.letter("the options");
    in.require(count * Integer.BYTES, "the tables' OIDs");
    List<Long> relations = new ArrayList<>((int) count);
    for (int i = 0; i < count; i++) {
      relations.add(in.uint32(RELATION));
    }
    return new Truncate(xid, relations, (flags & 1) != 0, (flags & 2) != 0);
  }

  private Message message(MessageReader in) {
    long xid = xid(in);
    boolean transactional = (in.letter("the flags") & 1) != 0;
    return new Message(
        xid,
        transactional,
        in.int64("the LSN"),
        in.string("the prefix"),
        in.content("the content"));
  }

  private StreamAbort streamAbort(MessageReader in) {
    long xid = in.uint32(XID);
    long subtransaction = in.uint32("the subtransaction's ID");
    AbortPoint at =
        streaming == Streaming.PARALLEL
            ? new AbortPoint(in.int64("the LSN of the abort"), in.time("the time of the abort"))
            : null;
    return new StreamAbort(xid, subtransaction, at);
  }

  private long xid(MessageReader in) {
    return inBlock ? in.uint32(XID) : LogMessage.NONE;
  }

  private static String gid(MessageReader in) {
    return in.string("the name of the prepared transaction");
  }

  /** None are in use. */
  private static void skipFlags(MessageReader in) {
    in.letter("the flags");
  }
}
