package io.orderflow.sink.warehouse;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.util.ByteConverter;

/**
 * Rows for a {@code COPY ... FROM STDIN (FORMAT binary)}, which is the cheapest way for new rows
 * into a table: they need not be parsed, and are logged by the page. The format is that of the
 * PostgreSQL manual, COPY, "Binary Format"; each field is written with its type's send function.
 * Grows with what is written, and is sent as one piece.
 */
final class BinaryCopy {

  private static final byte[] SIGNATURE =
      "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final int NULL = -1;
  private static final int TRAILER = -1;

  /** Object identifiers of element types, which an array carries (pg_type.dat). */
  private static final int INT8_OID = 20;

  private static final int TEXT_OID = 25;

  private byte[] bytes;
  private int size;

  /**
   * @param capacity in bytes, a guess
   */
  BinaryCopy(int capacity) {
    bytes = new byte[Math.max(capacity, 64)];
    System.arraycopy(SIGNATURE, 0, bytes, 0, SIGNATURE.length);
    // Flags and the length of the header's extension: none of either.
    size = SIGNATURE.length + 2 * Integer.BYTES;
  }

  /** Begins a row of that many fields. */
  BinaryCopy row(int fields) {
    reserve(Short.BYTES);
    ByteConverter.int2(bytes, size, fields);
    size += Short.BYTES;
    return this;
  }

  BinaryCopy integer(int value) {
    return raw(Integer.BYTES).raw(value);
  }

  BinaryCopy bigint(long value) {
    raw(Long.BYTES);
    reserve(Long.BYTES);
    ByteConverter.int8(bytes, size, value);
    size += Long.BYTES;
    return this;
  }

  BinaryCopy bigint(@Nullable Long value) {
    return value == null ? raw(NULL) : bigint(value.longValue());
  }

  BinaryCopy uuid(UUID value) {
    raw(2 * Long.BYTES);
    reserve(2 * Long.BYTES);
    ByteConverter.int8(bytes, size, value.getMostSignificantBits());
    ByteConverter.int8(bytes, size + Long.BYTES, value.getLeastSignificantBits());
    size += 2 * Long.BYTES;
    return this;
  }

  BinaryCopy text(@Nullable String value) {
    return value == null ? raw(NULL) : field(value.getBytes(StandardCharsets.UTF_8));
  }

  BinaryCopy numeric(@Nullable BigDecimal value) {
    return value == null ? raw(NULL) : field(ByteConverter.numeric(value));
  }

  BinaryCopy texts(Collection<String> values) {
    int length = beginArray(TEXT_OID, values.size());
    values.forEach(this::text);
    return endArray(length);
  }

  BinaryCopy bigints(long @Nullable [] values) {
    if (values == null) {
      return raw(NULL);
    }
    int length = beginArray(INT8_OID, values.length);
    for (long value : values) {
      bigint(value);
    }
    return endArray(length);
  }

  /** Sends the rows; this can be used no more. */
  void into(Connection connection, String copySql) throws SQLException {
    row(TRAILER);
    CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(copySql);
    try {
      copy.writeToCopy(bytes, 0, size);
      copy.endCopy();
    } catch (SQLException failure) {
      cancel(copy, failure);
      throw failure;
    }
  }

  private static void cancel(CopyIn copy, SQLException failure) {
    try {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }

  /** Returns where the length of the array has to go once it is known. */
  private int beginArray(int elementOid, int elements) {
    int length = size;
    raw(0);
    if (elements == 0) {
      // An empty array has no dimension.
      raw(0).raw(0).raw(elementOid);
    } else {
      raw(1).raw(0).raw(elementOid).raw(elements).raw(1);
    }
    return length;
  }

  private BinaryCopy endArray(int length) {
    ByteConverter.int4(bytes, length, size - length - Integer.BYTES);
    return this;
  }

  private BinaryCopy field(byte[] value) {
    raw(value.length);
    reserve(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
    return this;
  }

  private BinaryCopy raw(int value) {
    reserve(Integer.BYTES);
    ByteConverter.int4(bytes, size, value);
    size += Integer.BYTES;
    return this;
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
    }
  }
}
