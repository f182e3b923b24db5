package io.orderflow.sink.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {

  private static final String EXPECTED = "a quantity";

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
  void eachFormOfANumberIsTheSameNumberOfSteps(int scale) {
    Random random = new Random(scale);
    for (int i = 0; i < 2_000; i++) {
      // Given
      long steps = random.nextLong() >> random.nextInt(64);
      BigDecimal number = BigDecimal.valueOf(steps, scale);

      // Then
      for (Object form : forms(number, random)) {
        assertEquals(
            steps, Quantity.steps(form, scale, EXPECTED), () -> form + " of " + form.getClass());
      }
    }
  }

  private static List<Object> forms(BigDecimal number, Random random) {
    BigDecimal more = number.setScale(number.scale() + random.nextInt(40));
    List<Object> forms =
        new ArrayList<>(
            List.of(
                number,
                more,
                more.toPlainString(),
                number.stripTrailingZeros().toString(),
                Map.of("scale", more.scale(), "value", more.unscaledValue().toByteArray()),
                Map.of(
                    "scale",
                    number.scale(),
                    "value",
                    Base64.getEncoder().encodeToString(number.unscaledValue().toByteArray()))));
    // Java before 19 writes some floating-point numbers of more digits with an additional one.
    int digits = number.precision();
    if (digits <= 15) {
      forms.add(number.doubleValue());
    }
    if (digits <= 6) {
      forms.add(number.floatValue());
    }
    if (number.stripTrailingZeros().scale() <= 0) {
      BigInteger whole = number.toBigIntegerExact();
      forms.add(whole);
      forms.add(whole.longValueExact());
      if (whole.bitLength() < Integer.SIZE) {
        forms.add(whole.intValueExact());
      }
    }
    return forms;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
  void numberBeyondTheScaleOrTheRangeIsRefused(int scale) {
    Random random = new Random(scale);
    for (int i = 0; i < 500; i++) {
      // Given
      BigDecimal finer =
          new BigDecimal(
              BigInteger.valueOf(random.nextLong() >> random.nextInt(64))
                  .multiply(BigInteger.TEN)
                  .add(BigInteger.valueOf(1 + random.nextInt(9))),
              scale + 1);
      long beyond = random.nextLong(1L << 62);
      BigDecimal larger =
          new BigDecimal(
              BigInteger.valueOf(Long.MAX_VALUE).add(BigInteger.valueOf(1 + beyond)), scale);

      // Then
      for (BigDecimal number : List.of(finer, larger, larger.add(BigDecimal.ONE).negate())) {
        assertRefused(number, scale);
        assertRefused(number.toPlainString(), scale);
      }
    }
    if (scale > 0) {
      assertRefused(Long.MAX_VALUE, scale);
      assertRefused(Long.MIN_VALUE, scale);
      assertRefused(Long.MAX_VALUE / 5, scale);
    }
  }

  private static void assertRefused(Object number, int scale) {
    assertThrows(FieldError.class, () -> Quantity.steps(number, scale, EXPECTED), number::toString);
  }

  static Stream<Arguments> messages() {
    return Stream.of(
        arguments(
            3,
            new BigDecimal("1.2505"),
            "found a number with more than 3 decimals (@). Send fewer decimals, or raise"
                + " quantity.scale."),
        arguments(
            1,
            "1.25",
            "found a number with more than 1 decimal (@). Send fewer decimals, or raise"
                + " quantity.scale."),
        arguments(
            6, 0.0000001, "found a number with more than 6 decimals (@). Send fewer decimals."),
        arguments(
            3, Long.MAX_VALUE, "found more than 9223372036854775.807 (@). Correct the quantity."),
        arguments(
            3,
            0.1 + 0.2,
            "found a floating-point number of more than 15 digits (@). Send it as a number or as"
                + " text, such as 2."),
        arguments(
            3,
            "0.000",
            "found 0 (@). Remove the item, or use the intent for the opposite direction."),
        arguments(
            3,
            -0.5,
            "found a negative number (@). Remove the item, or use the intent for the opposite"
                + " direction."));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void messageSaysWhatToDoWithoutTheValue(int scale, Object quantity, String expected) {
    // Given
    Map<String, Object> value = new HashMap<>();
    value.put("version", 1L);
    value.put("intent", "RECEIVE");
    value.put("items", List.of(Map.of("sku", "rope", "quantity", quantity)));

    // Then
    Records.assertBad(
        Records.reader(scale),
        Records.record("inventory", 5L, value),
        "items[0].quantity: expected a quantity of more than 0, " + expected);
  }

  @ParameterizedTest
  @CsvSource({"1, 0, 1", "1.0, 0, 1", "1, 3, 1000", "' 0.5 ', 1, 5", "0.25, 2, 25"})
  void quantityOfTheSettingsIsRead(String text, int scale, long steps) {
    assertEquals(steps, Quantity.parse(text, scale));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 'is no quantity; set a whole number of 1 or more'",
    "0.5, 0, 'is no quantity; set a whole number of 1 or more'",
    "-1, 3, 'is no quantity; set a number of more than 0 with at most 3 decimals'",
    "0.0005, 3, 'is no quantity; set a number of more than 0 with at most 3 decimals'",
    "many, 3, 'is no quantity; set a number of more than 0 with at most 3 decimals'"
  })
  void otherTextInTheSettingsIsRefused(String text, int scale, String message) {
    assertEquals(
        "\"" + text + "\" " + message,
        assertThrows(IllegalArgumentException.class, () -> Quantity.parse(text, scale))
            .getMessage());
  }
}
