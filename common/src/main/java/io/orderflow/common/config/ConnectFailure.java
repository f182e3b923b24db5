package io.orderflow.common.config;

import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.failure.FailureClass;
import io.orderflow.common.failure.SqlFailures;
import java.sql.SQLException;

/** Tells on which setting a failure to connect, or to look around, is to be mended. */
public final class ConnectFailure {

  private ConnectFailure() {}

  /**
   * What is wrong, on the key at fault.
   *
   * @param user the role that tried
   */
  public static Finding finding(SQLException failure, String user) {
    String found = ", found: " + failure.getMessage();
    return switch (SqlFailures.sqlState(failure).orElse("")) {
      case "28P01", "08004" ->
          new Finding(
              DatabaseSettings.PASSWORD, "expected the password of the role " + user + found);
      case "28000" ->
          new Finding(
              DatabaseSettings.USER,
              "expected a role that may connect" + found + ". Check user and pg_hba.conf.");
      case "3D000" ->
          new Finding(DatabaseSettings.URL, "expected the name of a database that exists" + found);
      default ->
          SqlFailures.classify(failure) == FailureClass.TRANSIENT
              ? new Finding(
                  DatabaseSettings.URL,
                  "expected a database that answers"
                      + found
                      + ". Check host, port and firewall, and that PostgreSQL runs.")
              : new Finding(
                  DatabaseSettings.URL, "expected a database that can be looked at" + found);
    };
  }
}
