package io.orderflow.common.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionOptionsTest {

  @ParameterizedTest
  @CsvSource({
    "-c work_mem=64MB, work_mem, 64MB",
    "-cwork_mem=64MB, work_mem, 64MB",
    "--work-mem=64MB, work_mem, 64MB",
    "'  -c  Work_Mem=64MB ', work_mem, 64MB",
    "'-c search_path=a,\\ b', search_path, 'a, b'",
    "'-c shop.name=back\\\\slash', shop.name, 'back\\slash'",
    "'-c shop.name=', shop.name, ''",
    "'-c shop.name=a=b', shop.name, 'a=b'",
  })
  void eachFormIsParsed(String text, String name, String value) {
    // When
    SessionOptions options = SessionOptions.parse(text);

    // Then
    assertEquals(Map.of(name, value), options.values());
    assertEquals(options, SessionOptions.parse(options.startParameter()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"work_mem=64MB", "-c", "-c work_mem", "-W 3", "-c =x", "on"})
  void otherFormsAreRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> SessionOptions.parse(text));
  }

  @Test
  void laterOptionsWin() {
    assertEquals(
        new SessionOptions(Map.of("a", "2", "b", "3")),
        SessionOptions.parse("-c a=1").and(SessionOptions.parse("-c a=2 -c b=3")));
  }
}
