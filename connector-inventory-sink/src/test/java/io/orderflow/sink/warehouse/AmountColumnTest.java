package io.orderflow.sink.warehouse;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.sql.SQLDataException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmountColumnTest {

  @ParameterizedTest
  @CsvSource({
    "2, 1.50",
    "2, 1.500",
    "0, 1200",
    "0, 12.00",
    "-2, 1200",
    "-2, 0",
    "-2, 0.00",
    "0, 0.0"
  })
  void amountThatTheColumnKeepsIsWritten(int decimals, BigDecimal amount) {
    assertDoesNotThrow(() -> new AmountColumn("due", decimals, true).require(amount));
  }

  @ParameterizedTest
  @CsvSource({
    "2, 1.505, keeps 2 decimals and would round an amount that has more",
    "0, 0.5, keeps 0 decimals and would round an amount that has more",
    "-2, 1250, keeps multiples of 100 and would round an amount that is none",
    "-2, -0.01, keeps multiples of 100 and would round an amount that is none",
  })
  void amountThatWouldBeRoundedIsRefused(int decimals, BigDecimal amount, String message) {
    // Given
    AmountColumn column = new AmountColumn("due", decimals, true);

    // When
    SQLDataException refused = assertThrows(SQLDataException.class, () -> column.require(amount));

    // Then
    assertEquals("column due " + message + "; change the column to numeric", refused.getMessage());
  }
}
