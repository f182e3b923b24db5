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
  @ValueSource(
      strings = {"work_mem=64MB", "-c", "-c work_mem", "-W 3", "-c =x", "on", "-c search_path=a,"})
  void otherFormsAreRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> SessionOptions.parse(text));
  }

  /** DatabaseTest compares lists of schemas with the server. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "``|``",
        "-c work_mem=64MB | SET LOCAL \"work_mem\" = '64MB'",
        "-c shop.Name=it's | SET LOCAL \"shop\".\"name\" = 'it''s'",
        "-c shop.name=a\\\\b | SET LOCAL \"shop\".\"name\" = E'a\\\\b'",
        "-c DateStyle=SQL,\\ DMY | SET LOCAL \"datestyle\" = 'SQL, DMY'",
        "-c search_path=Shop,\\ \"Shop\",\"a\"\"b,c\" | SET LOCAL \"search_path\" = 'shop', 'Shop', 'a\"b,c'",
        "-c temp_tablespaces= | SET LOCAL \"temp_tablespaces\" = ''",
        "-c b=2 -c a=1 | `SET LOCAL \"a\" = '1';\nSET LOCAL \"b\" = '2'`",
      })
  void transactionsSetEachOption(String text, String expected) {
    assertEquals(expected, SessionOptions.parse(text).transactionSql());
  }

  @Test
  void laterOptionsWin() {
    assertEquals(
        new SessionOptions(Map.of("a", "2", "b", "3")),
        SessionOptions.parse("-c a=1").and(SessionOptions.parse("-c a=2 -c b=3")));
  }
}
