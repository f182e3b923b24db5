package io.orderflow.common.failure;

import java.sql.SQLException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Where a failure arose. */
enum FailureOrigin {
  /** A statement of the connector, or the connection: the server or the driver reports it. */
  STATEMENT,
  /** A trigger or another function of the database, which the connector's statement called. */
  FUNCTION,
  /** A pooler between the connector and the server, which has as many clients as it allows. */
  BUSY_POOLER,
  /** A pooler that does not accept the connection as it is. */
  REFUSING_POOLER,
  /** A pooler, for another reason. */
  POOLER;

  static final Pattern START_PARAMETER =
      Pattern.compile("startup parameter|command-line option", Pattern.CASE_INSENSITIVE);

  /** Words of PgBouncer, RDS Proxy, Supavisor, PgCat and Odyssey; their SQLSTATEs differ. */
  private static final Pattern BUSY =
      Pattern.compile(
          "max[ _]client|max(imum)? (number of )?(client|connection)|no more connections"
              + "|too many (clients|connections)|connection slots|connection limit"
              + "|time(d )?-?out|closed|exited|shut(ting)? ?down|unavailable|try again",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern REFUSING =
      Pattern.compile(
          "not support|(doesn|don).t (currently )?support"
              + "|no such (user|database)|not found|auth|login rejected|(TLS|SSL) required"
              + "|not allowed",
          Pattern.CASE_INSENSITIVE);

  /** The position of a row version, which the server's words contain in every language. */
  private static final Pattern TUPLE = Pattern.compile("\\(\\d+,\\d+\\)");

  /** RAISE of PL/pgSQL, and what corresponds to it in Python, Perl and Tcl. */
  private static final Pattern RAISING =
      Pattern.compile("exec_stmt_raise$|PLy_|plperl_|do_util_elog|throw_tcl_error");

  /** The origin of one failure, without its causes. */
  static FailureOrigin of(SQLException failure) {
    ServerErrorMessage message = message(failure);
    if (message == null) {
      return STATEMENT;
    }
    // PostgreSQL always names the routine of its code that reports; poolers have none.
    if (message.getRoutine() == null) {
      String words = String.valueOf(message.getMessage());
      return ofPooler(words);
    }
    return isInFunction(message.getWhere()) ? FUNCTION : STATEMENT;
  }

  private static FailureOrigin ofPooler(String words) {
    // The parameter may be a time-out.
    if (START_PARAMETER.matcher(words).find()) {
      return REFUSING_POOLER;
    }
    return BUSY.matcher(words).find()
        ? BUSY_POOLER
        : REFUSING.matcher(words).find() ? REFUSING_POOLER : POOLER;
  }

  /**
   * The call stack ends with the row of COPY, if the statement is one. It begins with the tuple
   * that another transaction has locked, if the server waited for it.
   */
  private static boolean isInFunction(@Nullable String where) {
    return where != null
        && where
            .lines()
            .anyMatch(
                line ->
                    !line.isBlank() && !line.startsWith("COPY ") && !TUPLE.matcher(line).find());
  }

  /** Whether code of a function raises the failure, instead of the server that runs it. */
  static boolean isRaised(SQLException failure) {
    ServerErrorMessage message = message(failure);
    return message != null
        && message.getRoutine() != null
        && of(failure) == FUNCTION
        && RAISING.matcher(message.getRoutine()).lookingAt();
  }

  static @Nullable ServerErrorMessage message(SQLException failure) {
    return failure instanceof PSQLException psql ? psql.getServerErrorMessage() : null;
  }
}
