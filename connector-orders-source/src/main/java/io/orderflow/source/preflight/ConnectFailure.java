package io.orderflow.source.preflight;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.database.Identifiers;
import io.orderflow.common.failure.SqlFailures;
import java.sql.SQLException;

/** Tells on which setting a failure to connect, or to look around, is to be mended. */
final class ConnectFailure {

  private ConnectFailure() {}

  static Finding finding(SQLException failure, String user) {
    String found = ", found: " + innermost(failure);
    return switch (SqlFailures.sqlState(failure).orElse("")) {
      case "28P01", "08004" ->
          new Finding(
              DatabaseSettings.PASSWORD, "expected the password of the role " + user + found);
      case "28000" ->
          new Finding(DatabaseSettings.USER, "expected a role that may connect" + found);
      case "3D000" ->
          new Finding(DatabaseSettings.URL, "expected the name of a database that exists" + found);
      case "42501" ->
          new Finding(
              DatabaseSettings.USER,
              "expected a role that may look around"
                  + found
                  + ". GRANT EXECUTE ON FUNCTION pg_control_system() TO "
                  + Identifiers.quote(user)
                  + ";");
      default -> new Finding(DatabaseSettings.URL, "expected to reach PostgreSQL" + found);
    };
  }

  /** The pool wraps the driver's failure, which says more. */
  private static String innermost(SQLException failure) {
    String message = failure.getMessage();
    for (Throwable at = failure.getCause(); at instanceof SQLException; at = at.getCause()) {
      message = at.getMessage();
    }
    return String.valueOf(message);
  }
}
