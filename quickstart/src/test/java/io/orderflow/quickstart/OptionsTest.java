package io.orderflow.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.ParameterException;

class OptionsTest {

  @Test
  void withoutArgumentsTheShopSells200OrdersASecondForAMinute() {
    // When
    Options options = Options.parse().getCommand();

    // Then
    assertEquals(60, options.seconds());
    assertEquals(200, options.ordersPerSecond());
    assertFalse(options.killWorker());
    assertFalse(options.keep());
  }

  @Test
  void everyOptionIsRead() {
    // When
    Options options =
        Options.parse(
                "--seconds",
                "30",
                "--orders-per-second=500",
                "--shop",
                "saleor",
                "--kill-worker",
                "--keep")
            .getCommand();

    // Then
    assertEquals(30, options.seconds());
    assertEquals(500, options.ordersPerSecond());
    assertEquals("saleor", options.shop());
    assertTrue(options.killWorker());
    assertTrue(options.keep());
  }

  @ParameterizedTest
  @CsvSource({"--seconds,0", "--seconds,x", "--orders-per-second,-1", "--past-orders,0"})
  void numberThatCannotBeMeantIsRefusedByItsName(String option, String value) {
    // When
    ParameterException refusal =
        assertThrows(ParameterException.class, () -> Options.parse(option, value));

    // Then
    String message = String.valueOf(refusal.getMessage());
    assertTrue(message.contains(option), message);
  }

  @Test
  void unknownOptionIsRefused() {
    assertThrows(ParameterException.class, () -> Options.parse("--second", "1"));
  }
}
