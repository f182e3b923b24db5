package io.orderflow.source.offset;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogOffsetTest {

  @ParameterizedTest
  @CsvSource({
    "partitions, remove it so that the present partitions count as known",
    "snapshot_partitions, set it to \"all\" so that the orders of all partitions are captured again"
  })
  void malformedPartitionsAreRefusedWithTheirOwnFix(String field, String fix) {
    // When
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> LogOffset.of(Map.of("lsn", "0/1", "system", "7", field, "orders_1")));

    // Then
    String message = String.valueOf(refused.getMessage()).replace(",", "");
    assertTrue(message.contains(field + ": orders_1"), message);
    assertTrue(message.contains(fix), message);
  }
}
