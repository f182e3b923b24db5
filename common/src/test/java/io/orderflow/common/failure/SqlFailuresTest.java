package io.orderflow.common.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
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
    "0A000, FATAL",
    "P0002, BAD_RECORD",
    "P0004, BAD_RECORD",
    "21000, BAD_RECORD",
    "MYAPP, BAD_RECORD",
  })
  void eachStateHasOneClass(String state, FailureClass expected) {
    assertEquals(expected, SqlFailures.classify(new SQLException("failed", state)));
  }

  /** Poolers use one or two codes for everything. */
  @ParameterizedTest
  @CsvSource({
    "08P01, unsupported startup parameter: options, FATAL",
    "08P01, 'unsupported startup parameter in options: enable_seqscan', FATAL",
    "08P01, no more connections allowed (max_client_conn), TRANSIENT",
    "08P01, server login has been failing, TRANSIENT",
    "XX000, MaxClientsInSessionMode: max clients reached, TRANSIENT",
    "XX000, Tenant or user not found, FATAL",
    "0A000, RDS Proxy currently does not support command-line options, FATAL",
  })
  void messageOfAPoolerDecidesIfItsCodeDoesNot(
      String state, String message, FailureClass expected) {
    assertEquals(expected, SqlFailures.classify(new SQLException(message, state)));
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

  @ParameterizedTest
  @CsvSource({
    "23505, uniqueViolation",
    "23514, checkViolation",
    "25006, readOnly",
    "28000, refusedRole",
    "28P01, wrongPassword",
    "08004, wrongPassword",
    "3D000, unknownDatabase",
    "40P01, conflict",
    "42501, privilege",
    "42P17, notImmutable",
    "55006, objectInUse",
    "42P01, none",
  })
  void eachPredicateKnowsItsStates(String state, String expected) {
    // Given
    SQLException failure = new SQLException("failed", state);
    Map<String, Predicate<Throwable>> predicates =
        Map.of(
            "uniqueViolation", SqlFailures::isUniqueViolation,
            "checkViolation", SqlFailures::isCheckViolation,
            "readOnly", SqlFailures::isReadOnly,
            "refusedRole", SqlFailures::isRefusedRole,
            "wrongPassword", SqlFailures::isWrongPassword,
            "unknownDatabase", SqlFailures::isUnknownDatabase,
            "conflict", SqlFailures::isConflict,
            "privilege", SqlFailures::isPrivilege,
            "notImmutable", SqlFailures::isNotImmutable,
            "objectInUse", SqlFailures::isObjectInUse);

    // When
    Set<String> holding =
        predicates.keySet().stream()
            .filter(name -> Objects.requireNonNull(predicates.get(name)).test(failure))
            .collect(Collectors.toSet());

    // Then
    assertEquals(expected.equals("none") ? Set.of() : Set.of(expected), holding);
  }

  @Test
  void whatIsNoSqlFailureIsFatal() {
    assertEquals(FailureClass.FATAL, SqlFailures.classify(new IllegalStateException("a bug")));
  }
}
