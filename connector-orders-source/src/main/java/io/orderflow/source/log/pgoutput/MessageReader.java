package io.orderflow.source.log.pgoutput;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads one message from its first byte to its last; what is missing is a
 * MalformedMessageException.
 */
final class MessageReader {

  /** Microseconds from the Unix epoch to 2000-01-01, where PostgreSQL's times begin. */
  private static final long POSTGRES_EPOCH = 946_684_800_000_000L;

  private final byte[] bytes;
  private final ByteBuffer buffer;
  private final int start;

  private MessageReader(byte[] bytes, int start, int length) {
    this.bytes = bytes;
    this.start = start;
    this.buffer = ByteBuffer.wrap(bytes, start, length);
  }

  /** A reader of what remains in a buffer, whose position stays as it is. */
  static MessageReader of(ByteBuffer message) {
    if (message.hasArray()) {
      return new MessageReader(
          message.array(), message.arrayOffset() + message.position(), message.remaining());
    }
    byte[] copy = new byte[message.remaining()];
    message.duplicate().get(copy);
    return new MessageReader(copy, 0, copy.length);
  }

  char letter(String what) {
    require(1, what);
    return (char) (buffer.get() & 0xff);
  }

  /** 0 to 65,535. */
  int uint16(String what) {
    require(2, what);
    return buffer.getShort() & 0xffff;
  }

  int int32(String what) {
    require(4, what);
    return buffer.getInt();
  }

  /** A transaction ID or OID: 0 to 4,294,967,295. */
  long uint32(String what) {
    return int32(what) & 0xffff_ffffL;
  }

  long int64(String what) {
    require(8, what);
    return buffer.getLong();
  }

  /** Milliseconds since the Unix epoch. */
  long time(String what) {
    return Math.floorDiv(int64(what) + POSTGRES_EPOCH, 1000);
  }

  /** Text up to a byte of zero. */
  String string(String what) {
    int from = buffer.position();
    int end = from;
    while (end < buffer.limit() && bytes[end] != 0) {
      end++;
    }
    if (end == buffer.limit()) {
      throw new MalformedMessageException(
          "expected %s, ended by a zero, from byte %d on, found the end of the message at byte %d"
              .formatted(what, offset(), end - start));
    }
    buffer.position(end + 1);
    return new String(bytes, from, end - from, StandardCharsets.UTF_8);
  }

  /** Bytes after their length; the buffer shares the message's memory and cannot be written. */
  ByteBuffer content(String what) {
    int length = int32("the length of " + what);
    requireLength(length, what);
    ByteBuffer content = buffer.slice(buffer.position(), length).asReadOnlyBuffer();
    buffer.position(buffer.position() + length);
    return content;
  }

  Tuple tuple() {
    int columns = uint16("the count of columns");
    // Each takes a byte at least; so a broken count cannot ask for more memory than that.
    require(columns, "a tuple's columns");
    int[] places = new int[columns];
    for (int i = 0; i < columns; i++) {
      places[i] = buffer.position();
      char state = letter("a column's state");
      switch (state) {
        case 'n', 'u' -> {}
        case 't', 'b' -> {
          int length = int32("a column's length");
          requireLength(length, "a column's value");
          buffer.position(buffer.position() + length);
        }
        default -> throw unexpected("a column's state, one of n, u, t and b", state);
      }
    }
    return new Tuple(bytes, places);
  }

  /** Checks that so many bytes are there before anything is made for them. */
  void require(long count, String what) {
    if (count > buffer.remaining()) {
      throw new MalformedMessageException(
          "expected %s in %d bytes at byte %d, found %d bytes up to the end of the message"
              .formatted(what, count, offset(), buffer.remaining()));
    }
  }

  private void requireLength(int length, String what) {
    if (length < 0) {
      throw new MalformedMessageException(
          "expected the length of %s before byte %d, found %d".formatted(what, offset(), length));
    }
    require(length, what);
  }

  void requireEnd() {
    if (buffer.hasRemaining()) {
      throw new MalformedMessageException(
          "expected the end of the message at byte %d, found %d bytes more"
              .formatted(offset(), buffer.remaining()));
    }
  }

  /** The error for the byte that was read last. */
  MalformedMessageException unexpected(String expected, char found) {
    return new MalformedMessageException(
        "expected %s at byte %d, found the byte 0x%02x"
            .formatted(expected, offset() - 1, (int) found));
  }

  private int offset() {
    return buffer.position() - start;
  }
}
