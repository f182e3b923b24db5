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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

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
    "XX001, FATAL",
    "XX000, UNCLEAR",
    "P0002, BAD_RECORD",
    "21000, BAD_RECORD",
    "XY123, UNCLEAR",
    "08P01, TRANSIENT",
  })
  void eachStateHasOneClass(String state, FailureClass expected) {
    assertEquals(expected, SqlFailures.classify(new SQLException("failed", state)));
  }

  @ParameterizedTest
  @CsvSource({
    "08P01, no more connections allowed (max_client_conn), TRANSIENT",
    "XX000, Max client connections reached, TRANSIENT",
    "XX000, (EMAXCONNSESSION) max clients reached in session mode, TRANSIENT",
    "XX000, 'Unable to check out process from the pool due to timeout', TRANSIENT",
    "08P01, query_wait_timeout, TRANSIENT",
    "08P01, server conn crashed?, TRANSIENT",
    "08P01, 'server login has been failing, try again later (server_login_retry)', TRANSIENT",
    "53300, too many clients, TRANSIENT",
    "57P03, the pooler is starting, TRANSIENT",
    "08P01, unsupported startup parameter: options, FATAL",
    "08P01, unsupported startup parameter in options: statement_timeout, FATAL",
    "08P01, no such database: shop, FATAL",
    "08P01, no such user: app, FATAL",
    "XX000, Tenant or user not found, FATAL",
    "0A000, 'Feature not supported: RDS Proxy currently doesn’t support command-line options.', FATAL",
    "28P01, SASL authentication failed, FATAL",
  })
  void wordsOfAPoolerCountAsMuchAsItsState(String state, String words, FailureClass expected) {
    assertEquals(expected, SqlFailures.classify(reported(state, words, null, null)));
  }

  @ParameterizedTest
  @CsvSource({
    "42P01, , FATAL",
    "42P01, 'PL/pgSQL function route() line 3 at EXECUTE', UNCLEAR",
    "42P01, 'COPY payments, line 1', FATAL",
    "XY123, 'PL/pgSQL function f() line 1 at RAISE', BAD_RECORD",
    "08P01, 'COPY payments, line 1, column order_id', UNCLEAR",
    "08006, 'PL/pgSQL function dblink() line 1 at RAISE', TRANSIENT",
    "42P01, 'while locking tuple (0,1) in relation \"stock\"', FATAL",
  })
  void failureInAFunctionMayBeDueToARecord(
      String state, @Nullable String where, FailureClass expected) {
    assertEquals(expected, SqlFailures.classify(reported(state, "failed", where, "ProcessQuery")));
  }

  @Test
  void wordsOfATriggerAreNoWordsOfAPooler() {
    assertEquals(
        FailureClass.BAD_RECORD,
        SqlFailures.classify(
            reported("P0001", "too many clients", "PL/pgSQL function f()", "exec_stmt_raise")));
  }

  @Test
  void rowThatAPolicyForbidsMayBeAnyRow() {
    assertEquals(
        FailureClass.UNCLEAR,
        SqlFailures.classify(reported("42501", "violates", null, "ExecWithCheckOptions")));
  }

  private static PSQLException reported(
      String state, String words, @Nullable String where, @Nullable String routine) {
    StringBuilder fields = new StringBuilder("SERROR\0C").append(state).append("\0M").append(words);
    if (where != null) {
      fields.append("\0W").append(where);
    }
    if (routine != null) {
      fields.append("\0R").append(routine);
    }
    return new PSQLException(new ServerErrorMessage(fields.append('\0').toString()));
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
    "23514, missingPartition",
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
            "missingPartition", SqlFailures::isMissingPartition,
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
