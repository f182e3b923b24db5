package io.orderflow.benchmarks.program;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Rows in the format of COPY BINARY (PostgreSQL manual, COPY, "Binary Format"), gathered in memory.
 */
final class CopyBinary {

  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0
  };
  private static final int OID_TEXT = 25;
  private static final int OID_BIGINT = 20;

  private ByteBuffer bytes = ByteBuffer.allocate(1 << 20);

  CopyBinary() {
    clear();
  }

  void row(int columns) {
    room(2).putShort((short) columns);
  }

  void bigint(long value) {
    room(12).putInt(8).putLong(value);
  }

  void text(String value) {
    byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
    room(4 + encoded.length).putInt(encoded.length).put(encoded);
  }

  /** A numeric with two decimals, of the groups of four digits that PostgreSQL keeps. */
  void cents(long cents) {
    long whole = cents / 100;
    short fraction = (short) (cents % 100 * 100);
    int groups = 1;
    for (long rest = whole / 10_000; rest > 0; rest /= 10_000) {
      groups++;
    }
    room(18 + 2 * groups).putInt(8 + 2 * (groups + 1));
    bytes.putShort((short) (groups + 1)).putShort((short) (groups - 1));
    bytes.putShort((short) 0).putShort((short) 2);
    for (int group = groups - 1; group >= 0; group--) {
      bytes.putShort((short) (whole / power(group) % 10_000));
    }
    bytes.putShort(fraction);
  }

  private static long power(int group) {
    long power = 1;
    for (int i = 0; i < group; i++) {
      power *= 10_000;
    }
    return power;
  }

  void texts(List<String> values) {
    int size = array(OID_TEXT, values.size());
    for (String value : values) {
      text(value);
    }
    bytes.putInt(size, bytes.position() - size - 4);
  }

  void bigints(List<Long> values) {
    int size = array(OID_BIGINT, values.size());
    for (long value : values) {
      bigint(value);
    }
    bytes.putInt(size, bytes.position() - size - 4);
  }

  /** Returns where the array's size belongs. */
  private int array(int elementType, int length) {
    room(24);
    int size = bytes.position();
    bytes.putInt(0).putInt(1).putInt(0).putInt(elementType).putInt(length).putInt(1);
    return size;
  }

  /**
   * Sends the rows and forgets them.
   *
   * @param copySql {@code COPY ... FROM STDIN (FORMAT binary)}
   */
  void send(Connection connection, String copySql) throws SQLException {
    room(2).putShort((short) -1);
    CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(copySql);
    copy.writeToCopy(bytes.array(), 0, bytes.position());
    copy.endCopy();
    clear();
  }

  byte[] content() {
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  private void clear() {
    bytes.clear();
    bytes.put(SIGNATURE).putInt(0).putInt(0);
  }

  private ByteBuffer room(int needed) {
    if (bytes.remaining() < needed) {
      bytes =
          ByteBuffer.allocate(Math.max(2 * bytes.capacity(), bytes.position() + needed))
              .put(bytes.flip());
    }
    return bytes;
  }
}
