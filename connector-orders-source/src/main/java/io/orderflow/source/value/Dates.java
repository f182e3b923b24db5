package io.orderflow.source.value;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Date;

/**
 * Converts dates and times to those of Connect. PostgreSQL's infinity, which they cannot represent,
 * becomes the first or last millisecond of the years 1 to 9999.
 */
@SuppressWarnings("JavaUtilDate") // Connect's logical types require it.
public final class Dates {

  private static final LocalDateTime FIRST = LocalDateTime.of(1, 1, 1, 0, 0);
  private static final LocalDateTime LAST = LocalDateTime.of(9999, 12, 31, 23, 59, 59, 999_000_000);

  private Dates() {}

  /** The time in UTC, in milliseconds. */
  public static Date of(LocalDateTime time) {
    return new Date(finite(time).toInstant(ZoneOffset.UTC).toEpochMilli());
  }

  public static Date of(OffsetDateTime time) {
    // The driver represents infinity by MAX and MIN, whose offsets are not UTC.
    boolean infinite = time.equals(OffsetDateTime.MAX) || time.equals(OffsetDateTime.MIN);
    return infinite ? of(time.toLocalDateTime()) : new Date(time.toInstant().toEpochMilli());
  }

  public static Date of(LocalTime time) {
    return new Date(time.toNanoOfDay() / 1_000_000);
  }

  public static Date midnight(LocalDate date) {
    return of(finite(date.atStartOfDay()).toLocalDate().atStartOfDay());
  }

  private static LocalDateTime finite(LocalDateTime time) {
    if (time.getYear() == LocalDateTime.MAX.getYear()) {
      return LAST;
    }
    return time.getYear() == LocalDateTime.MIN.getYear() ? FIRST : time;
  }
}
