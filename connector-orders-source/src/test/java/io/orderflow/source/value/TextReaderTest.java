package io.orderflow.source.value;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.fixture.TypedValue;
import io.orderflow.source.read.BothReaders;
import io.orderflow.source.schema.ColumnType;
import io.orderflow.source.schema.ColumnType.Scalar;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values from texts of the log equal those that are read over JDBC. */
class TextReaderTest {

  private static final BothReaders READERS = BothReaders.of(TypedValue.all());

  static List<TypedValue> values() {
    return TypedValue.all();
  }

  @ParameterizedTest
  @MethodSource("values")
  void textHasTheSameValueAsAReadOverJdbc(TypedValue value) {
    // When
    Object fromText = READERS.fromLog(value);

    // Then
    assertSame(READERS.fromTextOverJdbc(value), fromText);
    assertSame(READERS.fromBinaryOverJdbc(value), fromText);
  }

  /** Requires the same class and equal values, also of arrays and their elements. */
  private static void assertSame(Object expected, Object found) {
    assertEquals(expected.getClass(), found.getClass());
    if (expected instanceof List<?> list) {
      assertArrayEquals(list.toArray(), ((List<?>) found).toArray());
    } else {
      assertArrayEquals(new Object[] {expected}, new Object[] {found});
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "Infinity", "-Infinity"})
  void numberThatDecimalCannotRepresentIsRefused(String text) {
    // Given
    TextReader decimal = TextReader.of(new ColumnType.Decimal(2));

    // When
    UnreadableValueException error =
        assertThrows(UnreadableValueException.class, () -> decimal.read(text));

    // Then
    assertTrue(String.valueOf(error.getMessage()).contains("decimal.handling.mode=string"));
    assertEquals(text, TextReader.of(Scalar.NUMBER_TEXT).read(text));
  }

  @Test
  void bytesAreReadInBothFormsOfOutput() {
    // Given
    TextReader bytes = TextReader.of(Scalar.BYTES);

    // When, then
    assertArrayEquals(new byte[] {'a', '\\', 0, -1, '\''}, (byte[]) bytes.read("\\x615c00ff27"));
    assertArrayEquals(new byte[] {'a', '\\', 0, -1, '\''}, (byte[]) bytes.read("a\\\\\\000\\377'"));
    assertArrayEquals(new byte[0], (byte[]) bytes.read("\\x"));
    assertArrayEquals(new byte[0], (byte[]) bytes.read(""));
  }

  @Test
  @SuppressWarnings("JavaUtilDate")
  void offsetsOfOldZonesHaveSeconds() {
    // When
    Object time = TextReader.of(Scalar.TIMESTAMP_WITH_ZONE).read("1900-01-01 00:19:32.5-00:19:32");

    // Then
    assertEquals(Date.from(Instant.parse("1900-01-01T00:39:04.500Z")), time);
  }

  @ParameterizedTest
  @CsvSource({
    "BOOLEAN, true",
    "INT16, 40000",
    "INT32, secret",
    "INT64, 1.0",
    "FLOAT64, secret",
    "BYTES, \\xf",
    "BYTES, \\9",
    "DATE, 22.11.2026",
    "DATE, 2026-13-01",
    "DATE, 2026-11-22 secret",
    "TIME, 10:11",
    "TIMESTAMP, 22/11/2026 10:11:12",
    "TIMESTAMP, 2026-11-22",
    "TIMESTAMP_WITH_ZONE, 2026-11-22 10:11:12 CET",
    "TIMESTAMP_WITH_ZONE, 2026-11-22 10:11:12"
  })
  void invalidTextIsRefusedAndNotRepeated(Scalar type, String text) {
    // When
    UnreadableValueException error =
        assertThrows(UnreadableValueException.class, () -> TextReader.of(type).read(text));

    // Then
    String message = String.valueOf(error.getMessage());
    assertTrue(message.startsWith("expected the text of "), message);
    assertTrue(!message.contains(text), message);
    assertEquals(null, error.getCause());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1,2", "{1,2", "{\"1", "{1,x}", "[0:1]", "{1}2"})
  void brokenArrayIsRefused(String text) {
    // Given
    TextReader array = TextReader.of(new ColumnType.Array(Scalar.INT32, ','));

    // When, then
    assertThrows(UnreadableValueException.class, () -> array.read(text));
  }
}
