package io.orderflow.sink.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.sink.warehouse.Write;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RejectionsTest {

  /** A suspect without writes failed at a statement that reads. */
  @ParameterizedTest
  @CsvSource({
    "INSERT_PAYMENTS, INSERT_PAYMENTS, true",
    "INSERT_PAYMENTS, INSERT_PAYMENTS INSERT_ORDERS, true",
    "INSERT_PAYMENTS INSERT_ORDERS, INSERT_PAYMENTS, false",
    "INSERT_PAYMENTS, '', false",
    "'', INSERT_PAYMENTS, false",
    "'', '', false"
  })
  void proofIsThatOthersWereWrittenByTheSameStatements(
      String suspected, String others, boolean isProven) {
    // Given
    SQLException failure = new SQLException("division by zero", "22012");
    Rejections rejections = new Rejections();
    rejections.failed(failure);

    // When
    rejections.committed(writes(others));

    // Then
    Suspect suspect = new Suspect(ParsedRecords.at(7, 1), failure, writes(suspected));
    assertEquals(isProven, rejections.isProven(suspect));
  }

  private static Set<Write> writes(String names) {
    Set<Write> writes = EnumSet.noneOf(Write.class);
    Arrays.stream(names.split(" "))
        .filter(name -> !name.isEmpty())
        .map(Write::valueOf)
        .forEach(writes::add);
    return writes;
  }
}
