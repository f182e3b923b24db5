package io.orderflow.source.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.orderflow.common.database.TableName;
import io.orderflow.source.log.change.TransactionAssembler;
import io.orderflow.source.log.slot.MessageStream;
import io.orderflow.source.offset.Lsn;
import io.orderflow.source.schema.CapturedTables;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A stream of transactions on a table of orders without items, each of which commits at the
 * position that equals its ID and ends one after it.
 */
final class FakeStream implements MessageStream {

  static final CapturedTables TABLES =
      new CapturedTables(
          TableName.parse("orders"), "id", null, "order_id", null, "version", "change_xid");

  private static final int ORDERS = 1;

  /** A message, and the position up to which the stream is read with it. */
  private record Next(@Nullable ByteBuffer message, Lsn received) {}

  private final BlockingQueue<Next> messages = new LinkedBlockingQueue<>();
  private final AtomicInteger kept = new AtomicInteger();
  private volatile Lsn received = new Lsn(0);
  private volatile @Nullable SQLException failure;

  FakeStream() {
    ByteBuffer relation = ByteBuffer.allocate(200);
    relation.put((byte) 'R').putInt(ORDERS).put(text("public")).put(text("orders"));
    relation.put((byte) 'd').putShort((short) 3);
    for (String column : List.of("id", "status", "version")) {
      relation.put((byte) (column.equals("id") ? 1 : 0)).put(text(column)).putInt(25).putInt(-1);
    }
    add(relation, received);
  }

  /** An assembler for the stream. */
  static TransactionAssembler assembler() {
    return new TransactionAssembler(TABLES, List.of("id"), 1 << 20);
  }

  /** Adds a transaction that inserts orders of the given IDs. */
  FakeStream inserts(long xid, Object... ids) {
    begin(xid);
    for (Object id : ids) {
      row('I', xid, id, "NEW");
    }
    return commit(xid);
  }

  /** Adds a transaction that updates orders of the given IDs. */
  FakeStream updates(long xid, Object... ids) {
    begin(xid);
    for (Object id : ids) {
      row('U', xid, id, "PAID");
    }
    return commit(xid);
  }

  /** Adds a transaction that truncates the table after an insert. */
  FakeStream truncates(long xid) {
    begin(xid);
    row('I', xid, xid, "NEW");
    add(
        ByteBuffer.allocate(20).put((byte) 'T').putInt(1).put((byte) 0).putInt(ORDERS),
        new Lsn(xid));
    return commit(xid);
  }

  /** Advances the position without a message, as while other tables change. */
  FakeStream reaches(long position) {
    messages.add(new Next(null, new Lsn(position)));
    return this;
  }

  /** Fails once all messages are read. */
  FakeStream fails(SQLException cause) {
    failure = cause;
    return this;
  }

  private void begin(long xid) {
    add(
        ByteBuffer.allocate(30).put((byte) 'B').putLong(xid).putLong(0).putInt((int) xid),
        new Lsn(xid));
  }

  private FakeStream commit(long xid) {
    add(
        ByteBuffer.allocate(30)
            .put((byte) 'C')
            .put((byte) 0)
            .putLong(xid)
            .putLong(xid + 1)
            .putLong(0),
        new Lsn(xid + 1));
    return this;
  }

  /** The version is the transaction's ID. */
  private void row(char kind, long xid, Object id, String status) {
    ByteBuffer row = ByteBuffer.allocate(200);
    row.put((byte) kind).putInt(ORDERS).put((byte) 'N').putShort((short) 3);
    for (Object value : List.of(id, status, xid)) {
      byte[] bytes = value.toString().getBytes(UTF_8);
      row.put((byte) 't').putInt(bytes.length).put(bytes);
    }
    add(row, new Lsn(xid));
  }

  private void add(ByteBuffer message, Lsn position) {
    messages.add(new Next(message.flip(), position));
  }

  private static byte[] text(String value) {
    return (value + '\0').getBytes(UTF_8);
  }

  @Override
  public @Nullable ByteBuffer read() throws SQLException {
    try {
      Next next = messages.poll(5, TimeUnit.MILLISECONDS);
      SQLException cause = failure;
      if (next != null) {
        received = next.received();
        return next.message();
      }
      if (cause != null) {
        throw cause;
      }
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("closed", "08006", e);
    }
  }

  @Override
  public Lsn received() {
    return received;
  }

  @Override
  public void acknowledge(Lsn lsn) {}

  @Override
  public void keepAlive() {
    kept.incrementAndGet();
  }

  /** How often the reader has kept the stream alive. */
  int timesKeptAlive() {
    return kept.get();
  }

  @Override
  public void close() {}
}
