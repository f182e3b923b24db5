package io.orderflow.common.database;

import io.orderflow.common.config.Finding;
import io.orderflow.common.failure.FailureClass;
import io.orderflow.common.failure.RetryClass;
import io.orderflow.common.failure.SqlFailures;
import java.sql.SQLException;

/** Attributes a failure to connect, or to inspect a database, to the setting that fixes it. */
public final class ConnectFailure {

  private ConnectFailure() {}

  /**
   * The finding on the setting at fault.
   *
   * @param user the role that connected, or tried to
   */
  public static Finding finding(SQLException failure, String user) {
    String cause = failure.getMessage();
    if (SqlFailures.isWrongPassword(failure)) {
      return new Finding(
          DatabaseSettings.PASSWORD,
          "role %s could not log in: %s. Check the password, and whether the server requires TLS."
              .formatted(user, cause));
    }
    if (SqlFailures.isRefusedRole(failure)) {
      return new Finding(
          DatabaseSettings.USER,
          "role %s may not connect: %s. Check the name of the role and pg_hba.conf."
              .formatted(user, cause));
    }
    if (SqlFailures.isUnknownDatabase(failure)) {
      return new Finding(
          DatabaseSettings.URL, "%s. Check the database name in the URL.".formatted(cause));
    }
    return new Finding(
        DatabaseSettings.URL,
        SqlFailures.classify(failure) == FailureClass.TRANSIENT
            ? "%s: %s. %s".formatted(unavailable(failure), cause, advice(failure))
            : "the database could not be inspected: %s".formatted(cause));
  }

  private static String unavailable(SQLException failure) {
    return SqlFailures.retryClass(failure) == RetryClass.TIMEOUT
        ? "the database took too long"
        : "the database is unavailable";
  }

  private static String advice(SQLException failure) {
    return switch (SqlFailures.retryClass(failure)) {
      case TIMEOUT ->
          "Look for the session that holds a lock of the tables: SELECT pid, pg_blocking_pids(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock';";
      case RESOURCES ->
          "Close other sessions, raise the limit of the role, the database, the server or the pooler, or lower tasks.max.";
      default -> "Check host, port and firewall, and that PostgreSQL runs.";
    };
  }
}
