package io.orderflow.source.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaParseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NameAdjustmentTest {

  private static final String CHARACTERS = "aZ09_-. $äЖ中\"";

  @ParameterizedTest
  @CsvSource({
    "orders, orders, orders",
    "Ship-To, Ship_To, Ship_u002dTo",
    "ship_to, ship_to, ship_u005fto",
    "2nd, _2nd, _u0032nd",
    "größe, gr__e, gr_u00f6_u00dfe",
    "a.b, a_b, a_u002eb",
    "中, _, _u4e2d"
  })
  void namesAreAdjustedAsDebeziumDoes(String name, String avro, String unicode) {
    assertEquals(name, NameAdjustment.NONE.adjust(name));
    assertEquals(avro, NameAdjustment.AVRO.adjust(name));
    assertEquals(unicode, NameAdjustment.AVRO_UNICODE.adjust(name));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void avroAcceptsAdjustedNamesAndNoOthers(int seed) {
    // Given
    Random random = new Random(seed);
    Map<String, String> unicode = new HashMap<>();
    for (int i = 0; i < 2_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = 1 + random.nextInt(4); n > 0; n--) {
        text.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
      }
      String name = text.toString();

      // When
      String adjusted = NameAdjustment.AVRO_UNICODE.adjust(name);

      // Then
      assertEquals(avroAccepts(name), NameAdjustment.isValid(name), name);
      assertEquals(true, avroAccepts(NameAdjustment.AVRO.adjust(name)), name);
      assertEquals(true, avroAccepts(adjusted), name);
      assertEquals(name, unicode.merge(adjusted, name, (before, same) -> before));
    }
  }

  @Test
  void namesOfOtherAlphabetsAreNotValid() {
    // Java's letters are more than Avro's specification allows.
    assertFalse(NameAdjustment.isValid("Größe"));
  }

  private static boolean avroAccepts(String name) {
    try {
      SchemaBuilder.record("R").fields().requiredInt(name).endRecord();
      return name.chars().allMatch(c -> c < 128);
    } catch (SchemaParseException e) {
      return false;
    }
  }
}
