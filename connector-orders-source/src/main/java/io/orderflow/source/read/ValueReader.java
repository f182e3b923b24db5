package io.orderflow.source.read;

import io.orderflow.source.schema.ColumnType;
import io.orderflow.source.schema.ColumnType.Scalar;
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

/** Reads the values of one column; made once for a layout, so that no row looks anything up. */
@FunctionalInterface
@SuppressWarnings("JavaUtilDate") // Connect's logical types are of no other class.
interface ValueReader {

  /** Moments of the years 1600 to 9999 are the same in all calendars that the driver knows. */
  long YEAR_1600_MS = -11_676_096_000_000L;

  long YEAR_10000_MS = 253_402_300_800_000L;

  /** The value in the row at hand. */
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
      case TEXT, JSON, OTHER -> ResultSet::getString;
      case NUMBER_TEXT -> ValueReader::numberText;
      case BYTES -> ResultSet::getBytes;
      case DATE -> orFromText(ValueReader::date, type);
      case TIME -> ValueReader::time;
      case TIMESTAMP -> orFromText(ValueReader::timestamp, type);
      case TIMESTAMP_WITH_ZONE -> orFromText(ValueReader::timestampWithZone, type);
    };
  }

  /**
   * The driver looks for the day in the year of our era first: 29 February of 5 BC it does not
   * find.
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
    // The driver may have gone through a BigDecimal, whose text can have an exponent.
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
    Timestamp quick = rows.getTimestamp(column);
    if (quick == null) {
      return null;
    }
    // The driver makes a set of zone rules for each OffsetDateTime: most values can do without.
    if (quick.getTime() > YEAR_1600_MS && quick.getTime() < YEAR_10000_MS) {
      return new Date(quick.getTime());
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
    // Rows of (place, element): so the elements are read just as a column of their type is.
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
