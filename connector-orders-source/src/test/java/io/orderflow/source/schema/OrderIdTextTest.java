package io.orderflow.source.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderIdTextTest {

  private static final List<String> PARTS =
      List.of("", ":", "\\", "\\:", ":\\", "a", "a:", "\\a", "::", "\\\\", "1");

  @Test
  void differentIdsHaveDifferentTextsOfWhichTheyAreRead() {
    // Given
    Map<String, List<String>> texts = new HashMap<>();
    for (String first : PARTS) {
      for (String second : PARTS) {
        for (String third : PARTS) {
          List<String> id = List.of(first, second, third);

          // When
          String text = OrderIdText.join(id);

          // Then
          assertEquals(null, texts.put(text, id), text);
          assertEquals(id, OrderIdText.split(text, 3));
        }
      }
    }
    assertEquals("1:7:3001", OrderIdText.join(List.of("1", "7", "3001")));
  }

  @Test
  void idOfOneColumnIsItsText() {
    for (String part : PARTS) {
      assertEquals(part, OrderIdText.join(List.of(part)));
      assertEquals(List.of(part), OrderIdText.split(part, 1));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "1:2:3", "1\\:2"})
  void textOfAnotherNumberOfColumnsIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> OrderIdText.split(text, 2));
  }
}
