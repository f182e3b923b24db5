package io.orderflow.sink.warehouse;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.UUID;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.util.ByteConverter;

/**
 * Rows for a {@code COPY ... FROM STDIN (FORMAT binary)}, which is the cheapest way for new rows
 * into a table: they need not be parsed, and are logged by the page. The format is that of the
 * PostgreSQL manual, COPY, "Binary Format"; each field is written with its type's send function.
 * Grows with what is written, is sent as one piece, and can then be filled again: arrays of a
 * megabyte, made anew for each batch, are what a garbage collector likes least.
 */
final class BinaryCopy {

  private static final byte[] SIGNATURE =
      "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final int NULL = -1;
  private static final int TRAILER = -1;

  /** Object identifiers of element types, which an array carries (pg_type.dat). */
  private static final int INT8_OID = 20;

  private static final int TEXT_OID = 25;

  /** The signature, and none of flags and extensions. */
  private static final int HEADER = SIGNATURE.length + 2 * Integer.BYTES;

  private static final int CAPACITY = 1 << 16;

  /** Of huge records, which are rare, and no reason to keep so much. */
  private static final int LARGE = 1 << 22;

  private byte[] bytes;
  private int size;

  BinaryCopy() {
    bytes = new byte[CAPACITY];
    System.arraycopy(SIGNATURE, 0, bytes, 0, SIGNATURE.length);
    size = HEADER;
  }

  /** Forgets what was written before. */
  BinaryCopy begin() {
    if (bytes.length > LARGE) {
      bytes = Arrays.copyOf(bytes, CAPACITY);
    }
    size = HEADER;
    return this;
  }

  /** Begins a row of that many fields. */
  BinaryCopy row(int fields) {
    return int2(fields);
  }

  BinaryCopy integer(int value) {
    return int4(Integer.BYTES).int4(value);
  }

  BinaryCopy bigint(long value) {
    int4(Long.BYTES);
    reserve(Long.BYTES);
    ByteConverter.int8(bytes, size, value);
    size += Long.BYTES;
    return this;
  }

  BinaryCopy bigint(@Nullable Long value) {
    return value == null ? int4(NULL) : bigint(value.longValue());
  }

  BinaryCopy uuid(UUID value) {
    int4(2 * Long.BYTES);
    reserve(2 * Long.BYTES);
    ByteConverter.int8(bytes, size, value.getMostSignificantBits());
    ByteConverter.int8(bytes, size + Long.BYTES, value.getLeastSignificantBits());
    size += 2 * Long.BYTES;
    return this;
  }

  BinaryCopy text(@Nullable String value) {
    return value == null ? int4(NULL) : field(value.getBytes(StandardCharsets.UTF_8));
  }

  BinaryCopy numeric(@Nullable BigDecimal value) {
    if (value == null) {
      return int4(NULL);
    }
    // Amounts are small and many, and need no big integers.
    return SmallNumeric.fits(value)
        ? SmallNumeric.write(this, value)
        : field(ByteConverter.numeric(value));
  }

  BinaryCopy texts(Collection<String> values) {
    int length = beginArray(TEXT_OID, values.size());
    values.forEach(this::text);
    return endArray(length);
  }

  BinaryCopy bigints(long @Nullable [] values) {
    if (values == null) {
      return int4(NULL);
    }
    int length = beginArray(INT8_OID, values.length);
    for (long value : values) {
      bigint(value);
    }
    return endArray(length);
  }

  <T> BinaryCopy bigints(Collection<T> values, ToLongFunction<T> number) {
    int length = beginArray(INT8_OID, values.size());
    for (T value : values) {
      bigint(number.applyAsLong(value));
    }
    return endArray(length);
  }

  /** Sends the rows; {@link #begin} is next. */
  void into(Connection connection, String copySql) throws SQLException {
    row(TRAILER);
    CopyIn copy =
        connection.unwrap(PGConnection.class).getCopyAPI().copyIn(connection.nativeSQL(copySql));
    try {
      copy.writeToCopy(bytes, 0, size);
      copy.endCopy();
    } catch (SQLException | RuntimeException | Error failure) {
      cancel(copy, failure);
      throw failure;
    }
  }

  private static void cancel(CopyIn copy, Throwable failure) {
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
    int4(0);
    if (elements == 0) {
      // An empty array has no dimension.
      int4(0).int4(0).int4(elementOid);
    } else {
      int4(1).int4(0).int4(elementOid).int4(elements).int4(1);
    }
    return length;
  }

  private BinaryCopy endArray(int length) {
    ByteConverter.int4(bytes, length, size - length - Integer.BYTES);
    return this;
  }

  private BinaryCopy field(byte[] value) {
    int4(value.length);
    reserve(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
    return this;
  }

  BinaryCopy int2(int value) {
    reserve(Short.BYTES);
    ByteConverter.int2(bytes, size, value);
    size += Short.BYTES;
    return this;
  }

  BinaryCopy int4(int value) {
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
