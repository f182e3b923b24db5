package io.orderflow.common.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlFailuresTest {

  @ParameterizedTest
  @CsvSource({
    "08004, FATAL",
    "08006, TRANSIENT",
    "25006, TRANSIENT",
    "40001, TRANSIENT",
    "40P01, TRANSIENT",
    "53300, TRANSIENT",
    "55P03, TRANSIENT",
    "57014, TRANSIENT",
    "57P01, TRANSIENT",
    "22021, BAD_RECORD",
    "22003, BAD_RECORD",
    "23514, BAD_RECORD",
    "44000, BAD_RECORD",
    "54000, BAD_RECORD",
    "P0001, BAD_RECORD",
    "28P01, FATAL",
    "42501, FATAL",
    "42P01, FATAL",
    "3D000, FATAL",
    "XX000, FATAL",
  })
  void eachStateHasOneClass(String state, FailureClass expected) {
    assertEquals(expected, SqlFailures.classify(new SQLException("failed", state)));
  }

  @Test
  void stateIsFoundAmongCauses() {
    // Given
    Exception failure =
        new IllegalStateException(new RuntimeException(new SQLException("gone", "57P01")));

    // When
    FailureClass found = SqlFailures.classify(failure);

    // Then
    assertEquals(FailureClass.TRANSIENT, found);
    assertEquals(Optional.of("57P01"), SqlFailures.sqlState(failure));
  }

  @Test
  void stateIsFoundInTheNextException() {
    // Given
    SQLException batch = new SQLException("batch failed");
    batch.setNextException(new SQLException("too big", "22003"));

    // When
    FailureClass found = SqlFailures.classify(batch);

    // Then
    assertEquals(FailureClass.BAD_RECORD, found);
  }

  @Test
  void poolWithoutAnAnswerIsAnOutage() {
    assertEquals(
        FailureClass.TRANSIENT,
        SqlFailures.classify(new SQLTransientConnectionException("no connection in time")));
  }

  @Test
  void refusedPasswordBehindThePoolIsFatal() {
    // Given
    SQLTransientConnectionException failure =
        new SQLTransientConnectionException(
            "no connection in time", null, new SQLException("refused", "28P01"));

    // When
    FailureClass found = SqlFailures.classify(failure);

    // Then
    assertEquals(FailureClass.FATAL, found);
  }

  @Test
  void whatIsNoSqlFailureIsFatal() {
    assertEquals(FailureClass.FATAL, SqlFailures.classify(new IllegalStateException("a bug")));
  }
}
