package io.orderflow.source.log.pgoutput;

import io.orderflow.source.log.pgoutput.LogMessage.Begin;
import io.orderflow.source.log.pgoutput.LogMessage.Commit;
import io.orderflow.source.log.pgoutput.LogMessage.Delete;
import io.orderflow.source.log.pgoutput.LogMessage.Insert;
import io.orderflow.source.log.pgoutput.LogMessage.OldRow;
import io.orderflow.source.log.pgoutput.LogMessage.Relation;
import io.orderflow.source.log.pgoutput.LogMessage.RelationColumn;
import io.orderflow.source.log.pgoutput.LogMessage.Truncate;
import io.orderflow.source.log.pgoutput.LogMessage.Update;
import io.orderflow.source.offset.Lsn;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes messages of pgoutput's protocol version 1, whose transactions arrive whole and in the
 * order of their commits. Messages that capture does not use are skipped by their letter.
 */
public final class PgOutputDecoder {

  private static final String RELATION = "the table's OID";
  private static final String NEW_ROW = "a new row";

  /** Flags, an empty name, type and modifier. */
  private static final long MIN_COLUMN_BYTES = 10;

  private PgOutputDecoder() {}

  /**
   * Decodes one message.
   *
   * @param message the remaining bytes of the buffer, whose position does not change. Tuples share
   *     its memory, so the buffer must not be reused
   * @return null for a message that capture does not use
   * @throws MalformedMessageException if it is truncated, too long or of an unknown kind
   */
  public static @Nullable LogMessage decode(ByteBuffer message) {
    MessageReader in = MessageReader.of(message);
    char kind = in.letter("the kind of message");
    LogMessage decoded =
        switch (kind) {
          case 'B' -> new Begin(lsn(in, "the commit LSN"), in.time("the commit time"), xid(in));
          case 'C' -> commit(in);
          case 'R' -> relation(in);
          case 'I' -> insert(in);
          case 'U' -> update(in);
          case 'D' -> new Delete(in.uint32(RELATION), oldRow(in, in.letter("an old row")));
          case 'T' -> truncate(in);
          // Origin, type, and logical decoding message.
          case 'O', 'Y', 'M' -> null;
          default -> throw in.unexpected("the letter of a pgoutput message", kind);
        };
    if (decoded != null) {
      in.requireEnd();
    }
    return decoded;
  }

  private static Lsn lsn(MessageReader in, String name) {
    return new Lsn(in.int64(name));
  }

  private static long xid(MessageReader in) {
    return in.uint32("the transaction ID");
  }

  private static Commit commit(MessageReader in) {
    in.letter("the flags");
    return new Commit(
        lsn(in, "the commit LSN"), lsn(in, "the end LSN"), in.time("the commit time"));
  }

  private static Relation relation(MessageReader in) {
    long oid = in.uint32(RELATION);
    String schema = in.string("the schema");
    String table = in.string("the table's name");
    in.letter("the replica identity");
    int count = in.uint16("the count of columns");
    in.require(count * MIN_COLUMN_BYTES, "the columns");
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
    return new Relation(oid, schema, table, columns);
  }

  private static Insert insert(MessageReader in) {
    long relation = in.uint32(RELATION);
    requireNewRow(in, in.letter(NEW_ROW));
    return new Insert(relation, in.tuple());
  }

  private static Update update(MessageReader in) {
    long relation = in.uint32(RELATION);
    char letter = in.letter("an old or a new row");
    OldRow old = null;
    if (letter == 'K' || letter == 'O') {
      old = oldRow(in, letter);
      letter = in.letter(NEW_ROW);
    }
    requireNewRow(in, letter);
    return new Update(relation, old, in.tuple());
  }

  private static OldRow oldRow(MessageReader in, char letter) {
    return switch (letter) {
      case 'K' -> new OldRow(OldRow.Kind.KEY, in.tuple());
      case 'O' -> new OldRow(OldRow.Kind.FULL, in.tuple());
      default -> throw in.unexpected("an old row, K or O", letter);
    };
  }

  private static void requireNewRow(MessageReader in, char letter) {
    if (letter != 'N') {
      throw in.unexpected("a new row, N", letter);
    }
  }

  private static Truncate truncate(MessageReader in) {
    long count = in.uint32("the count of tables");
    in.letter("the options");
    in.require(count * Integer.BYTES, "the tables' OIDs");
    List<Long> relations = new ArrayList<>((int) count);
    for (int i = 0; i < count; i++) {
      relations.add(in.uint32(RELATION));
    }
    return new Truncate(relations);
  }
}
