package io.orderflow.common.failure;

import static io.orderflow.common.failure.FailureClass.BAD_RECORD;
import static io.orderflow.common.failure.FailureClass.FATAL;
import static io.orderflow.common.failure.FailureClass.TRANSIENT;

import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/**
 * The one place that reads an SQLSTATE. Codes are those of the PostgreSQL manual, Appendix A.
 *
 * <p>The rules are tried from the top; a rule holds for every code that starts with its prefix.
 */
public final class SqlFailures {

  /** A class of SQLSTATE codes and what follows from them. */
  public record Rule(String prefix, FailureClass failureClass, String meaning) {}

  private static final List<Rule> RULES =
      List.of(
          new Rule(
              "08004", FATAL, "server turned the connection down: a password or TLS is missing"),
          new Rule("08", TRANSIENT, "connection lost or refused"),
          new Rule("22", BAD_RECORD, "a value that its column cannot hold"),
          new Rule("23", BAD_RECORD, "a value that a constraint of the table forbids"),
          new Rule("25006", TRANSIENT, "server is read-only, as during a failover"),
          new Rule("25P03", TRANSIENT, "transaction was idle for too long"),
          new Rule("25P04", TRANSIENT, "transaction took too long"),
          new Rule("26000", TRANSIENT, "prepared statement is gone, as after a failover"),
          new Rule("40", TRANSIENT, "deadlock or serialization failure"),
          new Rule("44", BAD_RECORD, "a value that a view's check option forbids"),
          new Rule("53", TRANSIENT, "out of connections, memory or disk"),
          new Rule("54", BAD_RECORD, "a value too long for an index, or another limit"),
          new Rule("55006", TRANSIENT, "object is in use"),
          new Rule("55P03", TRANSIENT, "lock was not available in time"),
          new Rule("57", TRANSIENT, "shutdown, start-up, or the statement took too long"),
          new Rule("58", TRANSIENT, "the server's system or disk failed"),
          new Rule("P0001", BAD_RECORD, "a value that a trigger of the table refuses"),
          new Rule("72000", TRANSIENT, "snapshot is too old"),
          new Rule("", FATAL, "anything else: privileges, missing tables, refused passwords"));

  /** Statement canceled or timed out, transaction timed out, out of memory. */
  private static final Set<String> TOO_MUCH_AT_ONCE = Set.of("57014", "25P04", "53200");

  /** Statement canceled or timed out, transaction idle or at work for too long. */
  private static final Set<String> TOOK_TOO_LONG = Set.of("57014", "25P03", "25P04", "55P03");

  private SqlFailures() {}

  /** All rules, in the order in which they are tried. */
  public static List<Rule> rules() {
    return RULES;
  }

  /** What follows from a failure; FATAL where no SQL failure is among its causes. */
  public static FailureClass classify(Throwable failure) {
    Throwable at = failure;
    while (at != null) {
      if (at instanceof SQLException sql) {
        Optional<FailureClass> found = classify(sql);
        if (found.isPresent()) {
          return found.get();
        }
      }
      at = at.getCause();
    }
    return FATAL;
  }

  /**
   * Whether another transaction stood in the way, a deadlock or a lost race, so that the same one
   * can succeed at once.
   */
  public static boolean isConflict(Throwable failure) {
    return sqlState(failure).filter(state -> state.startsWith("40")).isPresent();
  }

  /**
   * Whether a transaction took longer, or more memory, than the server or its settings allow, which
   * a smaller one might not.
   */
  public static boolean isTooMuchAtOnce(Throwable failure) {
    return sqlState(failure).filter(TOO_MUCH_AT_ONCE::contains).isPresent();
  }

  /** Whether a row with the same key is there already. */
  public static boolean isUniqueViolation(Throwable failure) {
    return sqlState(failure).filter("23505"::equals).isPresent();
  }

  /** What makes another attempt necessary, of a failure that is {@link FailureClass#TRANSIENT}. */
  public static RetryClass retryClass(Throwable failure) {
    String state = sqlState(failure).orElse("08");
    if (TOOK_TOO_LONG.contains(state)) {
      return RetryClass.TIMEOUT;
    }
    if (state.equals("25006")) {
      return RetryClass.UNAVAILABLE;
    }
    return switch (state.substring(0, Math.min(2, state.length()))) {
      case "08" -> RetryClass.CONNECTION;
      case "40" -> RetryClass.CONFLICT;
      case "53" -> RetryClass.RESOURCES;
      case "57" -> RetryClass.UNAVAILABLE;
      default -> RetryClass.OTHER;
    };
  }

  /** Why the server refuses a record, of a failure that is {@link FailureClass#BAD_RECORD}. */
  public static RejectionCause refusal(Throwable failure) {
    String state = sqlState(failure).orElse("22");
    return state.startsWith("23") || state.startsWith("44")
        ? RejectionCause.CONSTRAINT
        : state.startsWith("P0") ? RejectionCause.TRIGGER : RejectionCause.VALUE;
  }

  /** The first SQLSTATE among the failure and its causes. */
  public static Optional<String> sqlState(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof SQLException sql && sql.getSQLState() != null) {
        return Optional.of(sql.getSQLState());
      }
    }
    return Optional.empty();
  }

  private static Optional<FailureClass> classify(SQLException first) {
    for (@Nullable SQLException at = first; at != null; at = at.getNextException()) {
      if (isStalePlan(at)) {
        return Optional.of(TRANSIENT);
      }
      String state = at.getSQLState();
      if (state != null) {
        return Optional.of(ofState(state));
      }
      // The pool's own time-out has no SQLSTATE where it never got an answer.
      if (at instanceof SQLTransientException && at.getCause() == null) {
        return Optional.of(TRANSIENT);
      }
    }
    return Optional.empty();
  }

  private static FailureClass ofState(String state) {
    return RULES.stream()
        .filter(rule -> state.startsWith(rule.prefix()))
        .findFirst()
        .map(Rule::failureClass)
        .orElse(FATAL);
  }

  /** A table got another column since the statement was prepared; the next try prepares it anew. */
  private static boolean isStalePlan(SQLException failure) {
    return failure instanceof PSQLException psql
        && "0A000".equals(psql.getSQLState())
        && psql.getServerErrorMessage() != null
        && "RevalidateCachedQuery".equals(psql.getServerErrorMessage().getRoutine());
  }
}
