package io.orderflow.source.log.pgoutput;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads one message from its first byte to its last; throws a MalformedMessageException if bytes
 * are missing.
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

  /** A reader of the remaining bytes of a buffer, whose position does not change. */
  static MessageReader of(ByteBuffer message) {
    if (message.hasArray()) {
      return new MessageReader(
          message.array(), message.arrayOffset() + message.position(), message.remaining());
    }
    byte[] copy = new byte[message.remaining()];
    message.duplicate().get(copy);
    return new MessageReader(copy, 0, copy.length);
  }

  char letter(String name) {
    require(1, name);
    return (char) (buffer.get() & 0xff);
  }

  /** 0 to 65,535. */
  int uint16(String name) {
    require(2, name);
    return buffer.getShort() & 0xffff;
  }

  int int32(String name) {
    require(4, name);
    return buffer.getInt();
  }

  /** A transaction ID or OID: 0 to 4,294,967,295. */
  long uint32(String name) {
    return int32(name) & 0xffff_ffffL;
  }

  long int64(String name) {
    require(8, name);
    return buffer.getLong();
  }

  /** Milliseconds since the Unix epoch. */
  long time(String name) {
    return Math.floorDiv(int64(name) + POSTGRES_EPOCH, 1000);
  }

  /** Text up to a byte of zero. */
  String string(String name) {
    int from = buffer.position();
    int end = from;
    while (end < buffer.limit() && bytes[end] != 0) {
      end++;
    }
    if (end == buffer.limit()) {
      throw new MalformedMessageException(
          "expected %s, ended by a zero, from byte %d on, found the end of the message at byte %d"
              .formatted(name, offset(), end - start));
    }
    buffer.position(end + 1);
    return new String(bytes, from, end - from, StandardCharsets.UTF_8);
  }

  Tuple tuple() {
    int columns = uint16("the count of columns");
    // Each takes at least one byte, so a corrupt count cannot make us allocate more than the
    // message.
    require(columns, "a tuple's columns");
    int[] starts = new int[columns];
    for (int i = 0; i < columns; i++) {
      starts[i] = buffer.position();
      char state = letter("a column's state");
      switch (state) {
        case 'n', 'u' -> {}
        case 't' -> {
          int length = int32("a column's length");
          requireLength(length, "a column's value");
          buffer.position(buffer.position() + length);
        }
        default -> throw unexpected("a column's state, one of n, u and t", state);
      }
    }
    return new Tuple(bytes, starts);
  }

  /** Checks that the message has enough bytes before memory is allocated for them. */
  void require(long count, String name) {
    if (count > buffer.remaining()) {
      throw new MalformedMessageException(
          "expected %s in %d bytes at byte %d, found %d bytes up to the end of the message"
              .formatted(name, count, offset(), buffer.remaining()));
    }
  }

  private void requireLength(int length, String name) {
    if (length < 0) {
      throw new MalformedMessageException(
          "expected the length of %s before byte %d, found %d".formatted(name, offset(), length));
    }
    require(length, name);
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
