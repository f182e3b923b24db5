package io.orderflow.common.failure;

import static io.orderflow.common.failure.FailureClass.BAD_RECORD;
import static io.orderflow.common.failure.FailureClass.FATAL;
import static io.orderflow.common.failure.FailureClass.TRANSIENT;

import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/**
 * The one place that reads SQLSTATEs. The codes are those of the PostgreSQL manual, Appendix A.
 *
 * <p>Rules are matched from the top; a rule applies to every code that starts with its prefix.
 */
public final class SqlFailures {

  /** SQLSTATE of a connection that could not be established. */
  public static final String CANNOT_CONNECT = "08001";

  /** SQLSTATE of a connection that was lost. */
  public static final String CONNECTION_LOST = "08006";

  /** SQLSTATE of a conflict with another transaction. */
  public static final String SERIALIZATION_FAILURE = "40001";

  /** SQLSTATE of an object, such as a replication slot, that another session uses. */
  public static final String OBJECT_IN_USE = "55006";

  private static final String READ_ONLY = "25006";

  /** The consequence of all SQLSTATEs that start with a prefix. */
  public record Rule(String prefix, FailureClass failureClass, String meaning) {}

  private static final List<Rule> RULES =
      List.of(
          new Rule(
              "08004", FATAL, "the server rejected the connection: a password or TLS is missing"),
          new Rule("08", TRANSIENT, "the connection was lost or refused"),
          new Rule("0A", FATAL, "the server does not support the statement"),
          new Rule("0B", FATAL, "the transaction cannot begin"),
          new Rule("0L", FATAL, "the role may not grant"),
          new Rule("0P", FATAL, "the role does not exist"),
          new Rule("22", BAD_RECORD, "a value that its column cannot hold"),
          new Rule("23", BAD_RECORD, "a value that a constraint of the table forbids"),
          new Rule(READ_ONLY, TRANSIENT, "the server is read-only, as during a failover"),
          new Rule("25P03", TRANSIENT, "the transaction was idle for too long"),
          new Rule("25P04", TRANSIENT, "the transaction took too long"),
          new Rule("25", FATAL, "the transaction is in a wrong state"),
          new Rule(
              "26000", TRANSIENT, "the prepared statement does not exist, as after a failover"),
          new Rule("28", FATAL, "the server does not accept the role or its password"),
          new Rule("2D", FATAL, "the transaction cannot be ended here"),
          new Rule("3D", FATAL, "the database does not exist"),
          new Rule("3F", FATAL, "the schema does not exist"),
          new Rule("40", TRANSIENT, "deadlock or serialization failure"),
          new Rule("42", FATAL, "a missing privilege, table, column or function"),
          new Rule("44", BAD_RECORD, "a value that a view's check option forbids"),
          new Rule("53", TRANSIENT, "the server is out of connections, memory or disk"),
          new Rule("54", BAD_RECORD, "a value too long for an index, or another limit"),
          new Rule(OBJECT_IN_USE, TRANSIENT, "the object is in use"),
          new Rule("55P03", TRANSIENT, "the lock was not available in time"),
          new Rule("55", FATAL, "the object is not in the required state"),
          new Rule(
              "57", TRANSIENT, "the server shuts down or starts, or the statement took too long"),
          new Rule("58", TRANSIENT, "the server's system or disk failed"),
          new Rule("72000", TRANSIENT, "the snapshot is too old"),
          new Rule("F0", FATAL, "the server's configuration file is wrong"),
          new Rule("HV", FATAL, "a foreign server failed"),
          new Rule("XX", FATAL, "an internal error, or a corrupted table or index"),
          new Rule(
              "",
              BAD_RECORD,
              "raised by a trigger or function: PL/pgSQL (P0), routines (20, 21, 27, 2F, 38, 39) and"
                  + " codes of its own"));

  /** Statement canceled or timed out, transaction timed out, out of memory. */
  private static final Set<String> TOO_MUCH_AT_ONCE = Set.of("57014", "25P04", "53200");

  /** Statement canceled or timed out, transaction idle or active for too long, lock timeout. */
  private static final Set<String> TIMEOUTS = Set.of("57014", "25P03", "25P04", "55P03");

  private SqlFailures() {}

  /** All rules, in the order in which they are matched. */
  public static List<Rule> rules() {
    return RULES;
  }

  /** Classifies a failure; FATAL if no SQL failure is among its causes. */
  public static FailureClass classify(Throwable failure) {
    // The pool wraps the server's failure, and repeats its code without its message.
    return first(failure, SqlFailures::ofMessage)
        .or(() -> first(failure, SqlFailures::ofCode))
        .orElse(FATAL);
  }

  private static Optional<FailureClass> first(
      Throwable failure, Function<SQLException, Optional<FailureClass>> rule) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof SQLException sql) {
        for (@Nullable SQLException next = sql; next != null; next = next.getNextException()) {
          Optional<FailureClass> found = rule.apply(next);
          if (found.isPresent()) {
            return found;
          }
        }
      }
    }
    return Optional.empty();
  }

  /** Whether a pooler refuses the options that a session starts with. */
  public static boolean isRefusedByPooler(Throwable failure) {
    String message = message(failure);
    return message.contains("unsupported startup parameter")
        || message.contains("command-line options");
  }

  /** The server's own words, which the pool's failure does not repeat. */
  public static String message(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    Throwable cause = failure.getCause();
    return failure instanceof SQLTransientException && cause instanceof SQLException
        ? message + ": " + message(cause)
        : message;
  }

  /**
   * Whether another transaction caused the failure, by a deadlock or by committing first, so that
   * the same transaction can succeed at once.
   */
  public static boolean isConflict(Throwable failure) {
    return sqlState(failure).filter(state -> state.startsWith("40")).isPresent();
  }

  /**
   * Whether a transaction took more time or memory than the server or its settings allow. A smaller
   * transaction may succeed.
   */
  public static boolean isTooMuchAtOnce(Throwable failure) {
    return sqlState(failure).filter(TOO_MUCH_AT_ONCE::contains).isPresent();
  }

  /** Whether the server does not support the statement, such as COPY with row-level security. */
  public static boolean isNotSupported(Throwable failure) {
    return has(failure, "0A000");
  }

  /** Whether a row with the same key exists already. */
  public static boolean isUniqueViolation(Throwable failure) {
    return has(failure, "23505");
  }

  /**
   * Whether a CHECK forbids a row, or no partition accepts it: PostgreSQL uses one code for both.
   */
  public static boolean isCheckViolation(Throwable failure) {
    return has(failure, "23514");
  }

  /** Whether the role lacks a privilege. */
  public static boolean isPrivilege(Throwable failure) {
    return has(failure, "42501");
  }

  /** Whether the transaction or the server is read-only. */
  public static boolean isReadOnly(Throwable failure) {
    return has(failure, READ_ONLY);
  }

  /** Whether another session uses the object, such as a replication slot. */
  public static boolean isObjectInUse(Throwable failure) {
    return has(failure, OBJECT_IN_USE);
  }

  /** Whether an expression must be immutable and is not. */
  public static boolean isNotImmutable(Throwable failure) {
    return has(failure, "42P17");
  }

  /** Whether the password is missing or wrong. */
  public static boolean isWrongPassword(Throwable failure) {
    return has(failure, "28P01") || has(failure, "08004");
  }

  /** Whether the server has no such role, or does not let it connect from here. */
  public static boolean isRefusedRole(Throwable failure) {
    return has(failure, "28000");
  }

  /** Whether the server has no such database. */
  public static boolean isUnknownDatabase(Throwable failure) {
    return has(failure, "3D000");
  }

  private static boolean has(Throwable failure, String state) {
    return sqlState(failure).filter(state::equals).isPresent();
  }

  /** The reason for another attempt after a {@link FailureClass#TRANSIENT} failure. */
  public static RetryClass retryClass(Throwable failure) {
    String state = sqlState(failure).orElse("08");
    if (TIMEOUTS.contains(state)) {
      return RetryClass.TIMEOUT;
    }
    if (state.equals(READ_ONLY)) {
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

  /** Why the server rejected a record with a {@link FailureClass#BAD_RECORD} failure. */
  public static RejectionCause rejectionCause(Throwable failure) {
    String state = sqlState(failure).orElse("22");
    return switch (state.substring(0, Math.min(2, state.length()))) {
      case "23", "42", "44" -> RejectionCause.CONSTRAINT;
      case "08", "22", "54" -> RejectionCause.VALUE;
      default -> RejectionCause.TRIGGER;
    };
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

  private static Optional<FailureClass> ofCode(SQLException failure) {
    if (failure.getSQLState() != null) {
      return Optional.of(ofState(failure.getSQLState()));
    }
    // The pool's own timeout has no SQLSTATE if no server ever answered.
    return failure instanceof SQLTransientException && failure.getCause() == null
        ? Optional.of(TRANSIENT)
        : Optional.empty();
  }

  private static FailureClass ofState(String state) {
    return RULES.stream()
        .filter(rule -> state.startsWith(rule.prefix()))
        .findFirst()
        .map(Rule::failureClass)
        .orElse(FATAL);
  }

  /**
   * The class of a failure whose SQLSTATE alone does not decide it. Poolers have one or two codes
   * for everything; their messages are not translated, and they do not name a routine of the
   * server.
   */
  private static Optional<FailureClass> ofMessage(SQLException failure) {
    if (isStalePlan(failure)) {
      return Optional.of(TRANSIENT);
    }
    String message = String.valueOf(failure.getMessage());
    if (message.contains("max clients reached")
        || message.contains("no more connections allowed")) {
      return Optional.of(TRANSIENT);
    }
    boolean isProtocol = "08P01".equals(failure.getSQLState());
    if (isProtocol && message.contains("startup parameter")) {
      return Optional.of(FATAL);
    }
    String routine = routine(failure);
    boolean isOfRow = "ExecWithCheckOptions".equals(routine);
    return (isProtocol && routine != null) || isOfRow ? Optional.of(BAD_RECORD) : Optional.empty();
  }

  /** The function of the server that reported the failure; null if it was not a server. */
  private static @Nullable String routine(SQLException failure) {
    return failure instanceof PSQLException psql && psql.getServerErrorMessage() != null
        ? psql.getServerErrorMessage().getRoutine()
        : null;
  }

  /** A table's columns changed since the statement was prepared; a retry prepares it again. */
  private static boolean isStalePlan(SQLException failure) {
    return "0A000".equals(failure.getSQLState())
        && "RevalidateCachedQuery".equals(routine(failure));
  }

  /**
   * Whether a row belongs to a partition that does not exist. PostgreSQL reports it as a violated
   * check, so this is certain only for a table without check constraints.
   */
  public static boolean isMissingPartition(Throwable failure) {
    return sqlState(failure).filter("23514"::equals).isPresent();
  }
}
