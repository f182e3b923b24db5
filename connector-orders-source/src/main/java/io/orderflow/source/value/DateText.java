package io.orderflow.source.value;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Date;

/**
 * One date or time as PostgreSQL writes it in the ISO style: {@code 2026-11-22
 * 10:11:12.345678+05:30 BC}, of which each type has some parts. Years have at least four digits.
 */
@SuppressWarnings("JavaUtilDate") // Connect's logical types require it.
final class DateText {

  private final String text;
  private int at;

  DateText(String text) {
    this.text = text;
  }

  Date date() {
    if (isInfinite()) {
      return Dates.midnight(isNegative() ? LocalDate.MIN : LocalDate.MAX);
    }
    LocalDate day = day();
    requireEnd();
    return Dates.midnight(day);
  }

  Date time() {
    LocalTime time = clock();
    requireEnd();
    return Dates.of(time);
  }

  Date timestamp() {
    if (isInfinite()) {
      return Dates.of(isNegative() ? LocalDateTime.MIN : LocalDateTime.MAX);
    }
    LocalDateTime time = dayAndClock();
    requireEnd();
    return Dates.of(time);
  }

  Date timestampWithZone() {
    if (isInfinite()) {
      return Dates.of(isNegative() ? OffsetDateTime.MIN : OffsetDateTime.MAX);
    }
    LocalDateTime time = dayAndClock();
    OffsetDateTime zoned = time.atOffset(zone());
    requireEnd();
    return Dates.of(zoned);
  }

  private boolean isInfinite() {
    return text.endsWith("infinity");
  }

  private boolean isNegative() {
    return text.charAt(0) == '-';
  }

  private LocalDateTime dayAndClock() {
    LocalDate day = day();
    expect(' ');
    return LocalDateTime.of(day, clock());
  }

  private LocalDate day() {
    int year = number();
    expect('-');
    int month = number();
    expect('-');
    // Java's year 0 is 1 BC.
    return LocalDate.of(isBeforeChrist() ? 1 - year : year, month, number());
  }

  private boolean isBeforeChrist() {
    return text.endsWith(" BC");
  }

  /** Checks that all of the text except the era has been read. */
  private void requireEnd() {
    if (at != text.length() - (isBeforeChrist() ? 3 : 0)) {
      throw new IllegalArgumentException();
    }
  }

  private LocalTime clock() {
    int hour = number();
    expect(':');
    int minute = number();
    expect(':');
    int second = number();
    int nanos = 0;
    if (at < text.length() && text.charAt(at) == '.') {
      int from = ++at;
      nanos = number();
      for (int digits = at - from; digits < 9; digits++) {
        nanos *= 10;
      }
    }
    // As the driver returns the end of a day.
    return hour == 24 ? LocalTime.MAX : LocalTime.of(hour, minute, second, nanos);
  }

  private ZoneOffset zone() {
    int sign = text.charAt(at++) == '-' ? -1 : 1;
    int seconds = number() * 3600;
    for (int unit = 60; unit > 0 && at < text.length() && text.charAt(at) == ':'; unit /= 60) {
      at++;
      seconds += number() * unit;
    }
    return ZoneOffset.ofTotalSeconds(sign * seconds);
  }

  private int number() {
    int from = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return Integer.parseInt(text, from, at, 10);
  }

  private void expect(char separator) {
    if (text.charAt(at++) != separator) {
      throw new IllegalArgumentException();
    }
  }
}
