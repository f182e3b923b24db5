package io.orderflow.sink.warehouse;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyIn;

/**
 * Rows for a {@code COPY ... FROM STDIN (FORMAT binary)}, the cheapest way to insert rows: the
 * server does not parse them, and logs them by the page. The format is that of the PostgreSQL
 * manual, COPY, "Binary Format"; each field is written as its type's send function does.
 *
 * <p>The buffer grows as needed, is sent as one piece, and is reused for the next batch, since
 * allocating megabytes for each batch would burden the garbage collector.
 */
final class BinaryCopy {

  private static final byte[] SIGNATURE =
      "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final int NULL = -1;
  private static final int TRAILER = -1;

  /** Time 0 of a timestamptz. */
  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  /** Object identifiers of element types, which an array carries (pg_type.dat). */
  private static final int INT8_OID = 20;

  private static final int TEXT_OID = 25;

  /** With its length. */
  private static final int BIGINT_BYTES = Integer.BYTES + Long.BYTES;

  private static final int INITIAL_CAPACITY = 1 << 16;

  /** A larger buffer, which only huge records need, is not kept. */
  private static final int MAX_KEPT_CAPACITY = 1 << 22;

  private ByteBuffer buffer = ByteBuffer.allocate(INITIAL_CAPACITY);
  private long rows;

  BinaryCopy() {
    begin();
  }

  /** Discards all rows, to begin another COPY. */
  BinaryCopy begin() {
    if (buffer.capacity() > MAX_KEPT_CAPACITY) {
      buffer = ByteBuffer.allocate(INITIAL_CAPACITY);
    }
    rows = 0;
    // The signature is followed by flags and the length of extensions, both 0.
    buffer.clear().put(SIGNATURE).putInt(0).putInt(0);
    return this;
  }

  /** Begins a row of that many fields. */
  BinaryCopy row(int fields) {
    reserve(Short.BYTES);
    buffer.putShort((short) fields);
    rows++;
    return this;
  }

  BinaryCopy integer(int value) {
    return int4(Integer.BYTES).int4(value);
  }

  BinaryCopy bigint(long value) {
    reserve(BIGINT_BYTES);
    buffer.putInt(Long.BYTES).putLong(value);
    return this;
  }

  BinaryCopy bigint(@Nullable Long value) {
    return value == null ? int4(NULL) : bigint(value.longValue());
  }

  /** Microseconds since the year 2000. */
  BinaryCopy timestamp(@Nullable Instant value) {
    return value == null ? int4(NULL) : bigint(ChronoUnit.MICROS.between(EPOCH, value));
  }

  BinaryCopy uuid(UUID value) {
    reserve(Integer.BYTES + 2 * Long.BYTES);
    buffer.putInt(2 * Long.BYTES);
    buffer.putLong(value.getMostSignificantBits()).putLong(value.getLeastSignificantBits());
    return this;
  }

  BinaryCopy text(@Nullable String value) {
    if (value == null) {
      return int4(NULL);
    }
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    reserve(Integer.BYTES + bytes.length);
    buffer.putInt(bytes.length).put(bytes);
    return this;
  }

  BinaryCopy numeric(@Nullable BigDecimal value) {
    if (value == null) {
      return int4(NULL);
    }
    NumericDigits numeric = new NumericDigits(value);
    reserve(Integer.BYTES + numeric.length());
    buffer.putInt(numeric.length());
    numeric.write(buffer);
    return this;
  }

  BinaryCopy texts(@Nullable Collection<String> values) {
    if (values == null) {
      return int4(NULL);
    }
    int start = beginArray(TEXT_OID, values.size());
    values.forEach(this::text);
    return endArray(start);
  }

  <T> BinaryCopy texts(Collection<T> values, Function<T, String> text) {
    int start = beginArray(TEXT_OID, values.size());
    for (T value : values) {
      text(text.apply(value));
    }
    return endArray(start);
  }

  BinaryCopy bigints(long @Nullable [] values) {
    if (values == null) {
      return int4(NULL);
    }
    int start = beginArray(INT8_OID, values.length);
    reserve(values.length * BIGINT_BYTES);
    for (long value : values) {
      buffer.putInt(Long.BYTES).putLong(value);
    }
    return endArray(start);
  }

  <T> BinaryCopy bigints(Collection<T> values, ToLongFunction<T> number) {
    int start = beginArray(INT8_OID, values.size());
    reserve(values.size() * BIGINT_BYTES);
    for (T value : values) {
      buffer.putInt(Long.BYTES).putLong(number.applyAsLong(value));
    }
    return endArray(start);
  }

  /**
   * Sends the rows. Call {@link #begin} before the next ones.
   *
   * @return whether the server has inserted all of them: a trigger may leave some out
   */
  boolean send(SqlSession session, String copySql) throws SQLException {
    long sent = rows;
    row(TRAILER);
    CopyIn copy = session.copyIn(copySql);
    try {
      copy.writeToCopy(buffer.array(), 0, buffer.position());
      return copy.endCopy() == sent;
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

  /** Returns the position of the array's length, which is known only at its end. */
  private int beginArray(int elementOid, int elements) {
    reserve(6 * Integer.BYTES);
    int start = buffer.position();
    buffer.putInt(0);
    if (elements == 0) {
      // An empty array has no dimension.
      buffer.putInt(0).putInt(0).putInt(elementOid);
    } else {
      buffer.putInt(1).putInt(0).putInt(elementOid).putInt(elements).putInt(1);
    }
    return start;
  }

  private BinaryCopy endArray(int start) {
    buffer.putInt(start, buffer.position() - start - Integer.BYTES);
    return this;
  }

  private BinaryCopy int4(int value) {
    reserve(Integer.BYTES);
    buffer.putInt(value);
    return this;
  }

  private void reserve(int bytes) {
    if (buffer.remaining() < bytes) {
      int needed = buffer.position() + bytes;
      ByteBuffer larger = ByteBuffer.allocate(Math.max(2 * buffer.capacity(), needed));
      buffer = larger.put(buffer.flip());
    }
  }
}
