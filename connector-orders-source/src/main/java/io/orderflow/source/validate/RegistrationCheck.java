package io.orderflow.source.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.sql.InstallSql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Checks that the removal of another connector leaves the triggers that this one shares. */
record RegistrationCheck(InstallSql sql, boolean withDeletes) {

  List<Finding> findings(Connection connection) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    check(connection, TableSettings.ORDERS_TABLE, sql.creatorsOfTriggers(), sql.stamps(), findings);
    if (withDeletes) {
      check(
          connection,
          TableSettings.DELETES,
          sql.creatorsOfDeletes(),
          sql.deletesInstall(),
          findings);
    }
    return findings;
  }

  private static void check(
      Connection connection,
      String key,
      List<String> queries,
      String script,
      List<Finding> findings)
      throws SQLException {
    Set<String> creators = new TreeSet<>();
    for (String query : queries) {
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery(query)) {
        while (rows.next()) {
          creators.add(rows.getString(1));
        }
      }
    }
    if (!creators.isEmpty()) {
      findings.add(
          new Finding(
              key,
              "triggers that this connector needs were created for the connectors %s only, and would be dropped with them; create them for this one, too:\n%s"
                  .formatted(creators, script)));
    }
  }
}
