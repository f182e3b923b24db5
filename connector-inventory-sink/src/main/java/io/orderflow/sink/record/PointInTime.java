package io.orderflow.sink.record;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.Locale;

/**
 * Converts a point in time: a Connect Timestamp, text with an offset as ISO 8601 and PostgreSQL
 * write it, or milliseconds since 1970.
 *
 * <p>Numbers of another unit are recognized by the year that they would be: seconds of today are in
 * 1970, and microseconds beyond the year 9999.
 *
 * <p>The result has whole microseconds, as PostgreSQL stores them: a time that was stored and read
 * again equals what its record says.
 */
final class PointInTime {

  private static final String EXPECTED = "a time with its offset";
  private static final String SENT_AS =
      "Send it as a Connect Timestamp, as text such as 2026-11-30T12:00:00Z, or as milliseconds"
          + " since 1970.";

  private static final Instant MIN = Instant.parse("2000-01-01T00:00:00Z");
  private static final Instant MAX = Instant.parse("9999-12-31T23:59:59Z");

  private static final int MAX_TEXT = 50;

  private static final DateTimeFormatter TEXT =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendPattern("['T'][' ']")
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .appendOffset("+HH:mm", "Z")
          .toFormatter(Locale.ROOT)
          // Otherwise February 30 would be another day.
          .withResolverStyle(ResolverStyle.STRICT);

  private PointInTime() {}

  // A Connect Timestamp is a Date, and toInstant of its subclasses in java.sql fails.
  @SuppressWarnings("JavaUtilDate")
  static Instant of(Object found) {
    Instant time =
        (found instanceof Date date
                ? Instant.ofEpochMilli(date.getTime())
                : found instanceof String text && !isNumber(text) ? ofText(text) : ofNumber(found))
            .truncatedTo(ChronoUnit.MICROS);
    if (time.isBefore(MIN)) {
      throw new FieldError(EXPECTED, "a time before the year 2000", SENT_AS);
    }
    if (time.isAfter(MAX)) {
      throw new FieldError(EXPECTED, "a time after the year 9999", SENT_AS);
    }
    return time;
  }

  private static Instant ofNumber(Object found) {
    if (found instanceof String || VariableScaleDecimal.unwrap(found) instanceof Number) {
      return Instant.ofEpochMilli(WholeNumber.of(found, EXPECTED));
    }
    throw new FieldError(EXPECTED, TypeNames.of(found), SENT_AS);
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty()
        && text.length() <= MAX_TEXT
        && text.chars().allMatch(c -> '0' <= c && c <= '9');
  }

  private static Instant ofText(String text) {
    if (text.length() <= MAX_TEXT) {
      try {
        return OffsetDateTime.parse(text, TEXT).toInstant();
      } catch (DateTimeParseException e) {
        // Reported below, without the text.
      }
    }
    throw new FieldError(EXPECTED, "text without a date, a time and an offset", SENT_AS);
  }
}
