package io.orderflow.source.read;

import io.orderflow.source.schema.ColumnType;
import io.orderflow.source.schema.ColumnType.Scalar;
import io.orderflow.source.value.Dates;
import io.orderflow.source.value.TextReader;
import io.orderflow.source.value.UnreadableValueException;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the values of one column; created once per schema, so that rows need no look-up. */
@FunctionalInterface
@SuppressWarnings("JavaUtilDate") // Connect's logical types require it.
interface ValueReader {

  /** Times of the years 1600 to 9999 are the same in all calendars of the driver. */
  long YEAR_1600_MS = -11_676_096_000_000L;

  long YEAR_10000_MS = 253_402_300_800_000L;

  /** Reads the value in the current row. */
  @Nullable Object read(ResultSet rows, int column) throws SQLException;

  static ValueReader of(ColumnType type) {
    if (type instanceof ColumnType.Decimal decimal) {
      return (rows, column) -> decimal(rows, column, decimal.scale());
    }
    if (type instanceof ColumnType.Array array) {
      ValueReader element = of(array.element());
      return (rows, column) -> array(rows.getArray(column), element);
    }
    return switch ((Scalar) type) {
      case BOOLEAN -> (rows, column) -> orNull(rows, rows.getBoolean(column));
      case INT16 -> (rows, column) -> orNull(rows, rows.getShort(column));
      case INT32 -> (rows, column) -> orNull(rows, rows.getInt(column));
      case INT64 -> (rows, column) -> orNull(rows, rows.getLong(column));
      case FLOAT32 -> (rows, column) -> orNull(rows, rows.getFloat(column));
      case FLOAT64 -> (rows, column) -> orNull(rows, rows.getDouble(column));
      case TEXT, JSON, OTHER, VOLATILE_TEXT -> ResultSet::getString;
      case NUMBER_TEXT -> ValueReader::numberText;
      case BYTES -> ResultSet::getBytes;
      case DATE -> orFromText(ValueReader::date, type);
      case TIME -> ValueReader::time;
      case TIMESTAMP -> orFromText(ValueReader::timestamp, type);
      case TIMESTAMP_WITH_ZONE -> orFromText(ValueReader::timestampWithZone, type);
    };
  }

  /**
   * Falls back to the text, since the driver looks up a day of a year BC in the same year AD first,
   * and fails for 29 February of 5 BC.
   */
  private static ValueReader orFromText(ValueReader driver, ColumnType type) {
    TextReader text = TextReader.of(type);
    return (rows, column) -> {
      try {
        return driver.read(rows, column);
      } catch (DateTimeException e) {
        return text.read(rows.getString(column));
      }
    };
  }

  private static @Nullable Object orNull(ResultSet rows, Object value) throws SQLException {
    return rows.wasNull() ? null : value;
  }

  private static @Nullable BigDecimal decimal(ResultSet rows, int column, int scale)
      throws SQLException {
    BigDecimal value;
    try {
      value = rows.getBigDecimal(column);
    } catch (SQLException e) {
      throw UnreadableValueException.notFinite(e);
    }
    return value == null || value.scale() == scale ? value : value.setScale(scale);
  }

  private static @Nullable String numberText(ResultSet rows, int column) throws SQLException {
    String text = rows.getString(column);
    // The driver may have used a BigDecimal, whose text can have an exponent.
    return text != null && text.indexOf('E') > 0 ? new BigDecimal(text).toPlainString() : text;
  }

  private static @Nullable Date date(ResultSet rows, int column) throws SQLException {
    LocalDate date = rows.getObject(column, LocalDate.class);
    return date == null ? null : Dates.midnight(date);
  }

  private static @Nullable Date time(ResultSet rows, int column) throws SQLException {
    LocalTime time = rows.getObject(column, LocalTime.class);
    return time == null ? null : Dates.of(time);
  }

  private static @Nullable Date timestamp(ResultSet rows, int column) throws SQLException {
    LocalDateTime timestamp = rows.getObject(column, LocalDateTime.class);
    return timestamp == null ? null : Dates.of(timestamp);
  }

  private static @Nullable Date timestampWithZone(ResultSet rows, int column) throws SQLException {
    Timestamp value = rows.getTimestamp(column);
    if (value == null) {
      return null;
    }
    // The driver creates zone rules for each OffsetDateTime, which most values do not need.
    if (value.getTime() > YEAR_1600_MS && value.getTime() < YEAR_10000_MS) {
      return new Date(value.getTime());
    }
    OffsetDateTime timestamp = rows.getObject(column, OffsetDateTime.class);
    return timestamp == null ? null : Dates.of(timestamp);
  }

  private static @Nullable List<@Nullable Object> array(@Nullable Array array, ValueReader element)
      throws SQLException {
    if (array == null) {
      return null;
    }
    List<@Nullable Object> values = new ArrayList<>();
    // Rows of (index, element), so that elements are read as a column of their type is.
    try (ResultSet rows = array.getResultSet()) {
      boolean nested = rows.getMetaData().getColumnType(2) == Types.ARRAY;
      while (rows.next()) {
        if (nested) {
          List<@Nullable Object> inner = array(rows.getArray(2), element);
          if (inner != null) {
            values.addAll(inner);
          }
        } else {
          values.add(element.read(rows, 2));
        }
      }
    }
    return values;
  }
}
