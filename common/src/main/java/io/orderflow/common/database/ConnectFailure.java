package io.orderflow.common.database;

import io.orderflow.common.config.Finding;
import io.orderflow.common.failure.FailureClass;
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
            ? "the database is unavailable: %s. Check host, port and firewall, and that PostgreSQL runs."
                .formatted(cause)
            : "the database could not be inspected: %s".formatted(cause));
  }
}
