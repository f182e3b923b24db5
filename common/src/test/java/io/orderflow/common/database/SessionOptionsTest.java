package io.orderflow.common.database;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionOptionsTest {

  @ParameterizedTest
  @CsvSource({
    "jdbc:postgresql://h/d, jdbc:postgresql://h/d, '-c jit=off -c statement_timeout=60000'",
    "jdbc:postgresql://h/d?sslmode=require, jdbc:postgresql://h/d?sslmode=require,"
        + " '-c jit=off -c statement_timeout=60000'",
    "jdbc:postgresql://h/d?options=-c%20work_mem=8MB, jdbc:postgresql://h/d,"
        + " '-c jit=off -c work_mem=8MB -c statement_timeout=60000'",
    "jdbc:postgresql://h/d?a=b&options=-c+work_mem%3D8MB&c=d, jdbc:postgresql://h/d?a=b&c=d,"
        + " '-c jit=off -c work_mem=8MB -c statement_timeout=60000'",
    "jdbc:postgresql://h/d?myoptions=1, jdbc:postgresql://h/d?myoptions=1,"
        + " '-c jit=off -c statement_timeout=60000'"
  })
  void optionsOfTheUrlAreAddedToOurs(String url, String rest, String options) {
    // When
    DatabaseSettings settings =
        new DatabaseSettings(
                url, "app", null, Duration.ofSeconds(5), Duration.ofSeconds(60), Map.of())
            .withOptions("-c jit=off");

    // Then
    assertEquals(rest, settings.url());
    assertEquals(options, settings.driverProperties("test").getProperty("options"));
  }
}
