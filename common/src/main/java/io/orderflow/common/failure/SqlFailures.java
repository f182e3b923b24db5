package io.orderflow.common.failure;

import static io.orderflow.common.failure.FailureClass.FATAL;
import static io.orderflow.common.failure.FailureClass.TRANSIENT;
import static io.orderflow.common.failure.FailureClass.UNCLEAR;

import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * The one place that reads SQLSTATEs. The codes are those of the PostgreSQL manual, Appendix A;
 * {@link FailureRules} has the consequence of each.
 */
public final class SqlFailures {

  /** SQLSTATE of a connection that could not be established. */
  public static final String CANNOT_CONNECT = "08001";

  /** SQLSTATE of a conflict with another transaction. */
  public static final String SERIALIZATION_FAILURE = "40001";

  /** SQLSTATE of an object, such as a replication slot, that another session uses. */
  public static final String OBJECT_IN_USE = "55006";

  /** SQLSTATE of a connection whose start parameters a pooler refuses or drops. */
  public static final String START_REFUSED = "0A000";

  static final String READ_ONLY = "25006";

  /** Statement canceled or timed out, transaction timed out, out of memory. */
  private static final Set<String> TOO_MUCH_AT_ONCE = Set.of("57014", "25P04", "53200");

  /** Statement canceled or timed out, transaction idle or active for too long, lock timeout. */
  private static final Set<String> TIMEOUTS = Set.of("57014", "25P03", "25P04", "55P03");

  private SqlFailures() {}

  /** Classifies a failure; FATAL if no SQL failure is among its causes. */
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
   * Whether another transaction caused the failure, by a deadlock or by committing first, so that
   * the same transaction can succeed at once.
   */
  public static boolean isConflict(Throwable failure) {
    return sqlState(failure).filter(state -> state.startsWith("40")).isPresent();
  }

  /**
   * Whether the failure arises within a trigger or another function of the database, so that it may
   * be repeated for as long as the same record is written. A deadlock that the server detects is
   * never due to a single record.
   */
  public static boolean isInFunction(SQLException failure) {
    ServerErrorMessage message = FailureOrigin.message(failure);
    return message != null
        && FailureOrigin.of(failure) == FailureOrigin.FUNCTION
        && !"DeadLockReport".equals(message.getRoutine());
  }

  /**
   * Whether code of a trigger or another function raises the failure, such as RAISE of PL/pgSQL,
   * rather than the server while it runs the function.
   */
  public static boolean isRaised(SQLException failure) {
    return FailureOrigin.isRaised(failure);
  }

  /**
   * Whether a transaction took more time or memory than the server or its settings allow. A smaller
   * transaction may succeed.
   */
  public static boolean isTooMuchAtOnce(Throwable failure) {
    return sqlState(failure).filter(TOO_MUCH_AT_ONCE::contains).isPresent();
  }

  /**
   * Whether a pooler between the connector and PostgreSQL refuses the parameters with which a
   * connection starts, or drops them.
   */
  public static boolean isRefusedStart(SQLException failure) {
    ServerErrorMessage message = FailureOrigin.message(failure);
    return message == null
        ? START_REFUSED.equals(failure.getSQLState()) && !(failure instanceof PSQLException)
        : FailureOrigin.of(failure) == FailureOrigin.REFUSING_POOLER
            && FailureOrigin.START_PARAMETER.matcher(String.valueOf(message.getMessage())).find();
  }

  /** Whether the role, the database or the server allows no more connections at present. */
  public static boolean isTooManyConnections(Throwable failure) {
    return has(failure, "53300");
  }

  /** Whether the server does not support the statement, such as COPY with row-level security. */
  public static boolean isNotSupported(Throwable failure) {
    return has(failure, "0A000");
  }

  /** Whether a row with the same key exists already. */
  public static boolean isUniqueViolation(Throwable failure) {
    return has(failure, "23505");
  }

  /** The column that must not be null, if a statement of the connector leaves it null. */
  public static Optional<String> nullColumn(SQLException failure) {
    ServerErrorMessage message = FailureOrigin.message(failure);
    return message == null
            || !"23502".equals(message.getSQLState())
            || FailureOrigin.of(failure) == FailureOrigin.FUNCTION
        ? Optional.empty()
        : Optional.ofNullable(message.getColumn());
  }

  /**
   * Whether a row belongs to a partition that does not exist. PostgreSQL reports it as a violated
   * check, so this is certain only for a table without check constraints.
   */
  public static boolean isMissingPartition(Throwable failure) {
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
    if (isBusyPooler(failure)) {
      return RetryClass.RESOURCES;
    }
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
    if (state.startsWith("23") || state.startsWith("44")) {
      return RejectionCause.CONSTRAINT;
    }
    return state.startsWith("P0") || origin(failure) == FailureOrigin.FUNCTION
        ? RejectionCause.TRIGGER
        : RejectionCause.VALUE;
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
        return Optional.of(ofState(state, at));
      }
      // The pool's own timeout has no SQLSTATE if no server ever answered.
      if (at instanceof SQLTransientException && at.getCause() == null) {
        return Optional.of(TRANSIENT);
      }
    }
    return Optional.empty();
  }

  private static FailureClass ofState(String state, SQLException failure) {
    FailureRules.Rule rule = FailureRules.of(state);
    return switch (FailureOrigin.of(failure)) {
      case BUSY_POOLER -> TRANSIENT;
      case REFUSING_POOLER -> FATAL;
      // A pooler knows no records, and passes the server's failures on as they are.
      case POOLER -> isProtocol(state) || rule.statement() == TRANSIENT ? TRANSIENT : FATAL;
      case FUNCTION -> rule.function();
      case STATEMENT ->
          isRowSecurity(failure) ? UNCLEAR : lostIfOfDriver(state, failure, rule.statement());
    };
  }

  /** A protocol violation that the driver reports spoils the connection, not a record. */
  private static FailureClass lostIfOfDriver(
      String state, SQLException failure, FailureClass otherwise) {
    return isProtocol(state) && FailureOrigin.message(failure) == null ? TRANSIENT : otherwise;
  }

  private static boolean isProtocol(String state) {
    return state.equals("08P01");
  }

  /**
   * A policy of row-level security forbids a row, or there is no policy, which forbids all rows.
   * The role has the privilege.
   */
  private static boolean isRowSecurity(SQLException failure) {
    ServerErrorMessage message = FailureOrigin.message(failure);
    return message != null
        && "42501".equals(message.getSQLState())
        && "ExecWithCheckOptions".equals(message.getRoutine());
  }

  private static boolean isBusyPooler(Throwable failure) {
    return origin(failure) == FailureOrigin.BUSY_POOLER;
  }

  private static FailureOrigin origin(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof SQLException sql && sql.getSQLState() != null) {
        return FailureOrigin.of(sql);
      }
    }
    return FailureOrigin.STATEMENT;
  }

  /** A table's columns changed since the statement was prepared; a retry prepares it again. */
  private static boolean isStalePlan(SQLException failure) {
    return failure instanceof PSQLException psql
        && "0A000".equals(psql.getSQLState())
        && psql.getServerErrorMessage() != null
        && "RevalidateCachedQuery".equals(psql.getServerErrorMessage().getRoutine());
  }
}
