package io.orderflow.sink.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.DatabaseSettings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Checks that the server is writable and new enough. */
final class ServerCheck {

  /** The oldest version of PostgreSQL that is maintained. */
  private static final int MIN_VERSION = 14;

  private ServerCheck() {}

  static List<Finding> check(Connection connection) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT current_setting('server_version_num')::int / 10000, pg_is_in_recovery(),"
                    + " current_setting('default_transaction_read_only')::bool")) {
      row.next();
      findings.addAll(version(row.getInt(1)));
      if (row.getBoolean(2)) {
        findings.add(
            finding(
                "the server is a standby, which cannot be written: use the primary's host, or list"
                    + " several hosts with ?targetServerType=primary"));
      } else if (row.getBoolean(3)) {
        findings.add(
            finding(
                "transactions are read-only by default. Run: ALTER DATABASE ... SET"
                    + " default_transaction_read_only = off;"));
      }
    }
    return findings;
  }

  static List<Finding> version(int major) {
    return major >= MIN_VERSION
        ? List.of()
        : List.of(
            finding(
                "expected PostgreSQL "
                    + MIN_VERSION
                    + " or later, found "
                    + major
                    + ": upgrade"
                    + " the server"));
  }

  private static Finding finding(String message) {
    return new Finding(DatabaseSettings.URL, message);
  }
}
