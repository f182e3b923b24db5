package io.orderflow.source.validate;

import static io.orderflow.common.database.Identifiers.quote;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.TableName;
import io.orderflow.source.schema.CapturedTables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The role can read the tables, all of their columns and rows. */
record PrivilegeCheck(CapturedTables tables, String user) {

  private static final String PRIVILEGES =
      """
      SELECT has_schema_privilege(n.oid, 'USAGE'), has_table_privilege(c.oid, 'SELECT'),
             row_security_active(c.oid)
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ? AND c.relname = ?
      """;

  List<Finding> findings(Connection connection) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    check(connection, "orders.table", tables.orders(), findings);
    TableName items = tables.items();
    if (items != null) {
      check(connection, "items.table", items, findings);
    }
    TableName deletes = tables.deletes();
    if (deletes != null) {
      check(connection, "deletes.table", deletes, findings);
    }
    return findings;
  }

  private void check(Connection connection, String key, TableName table, List<Finding> findings)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(PRIVILEGES)) {
      statement.setString(1, table.schema());
      statement.setString(2, table.table());
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return;
        }
        if (!row.getBoolean(1)) {
          findings.add(missing(key, "USAGE ON SCHEMA " + quote(table.schema())));
        }
        if (!row.getBoolean(2)) {
          findings.add(missing(key, "SELECT ON " + table.quoted()));
        }
        if (row.getBoolean(3)) {
          findings.add(hidden(key, table));
        }
      }
    }
  }

  private Finding hidden(String key, TableName table) {
    return new Finding(
        key,
        "expected the role %s to see all rows of %s, found row security that hides some: ALTER ROLE %s BYPASSRLS;"
            .formatted(user, table.quoted(), quote(user)));
  }

  private Finding missing(String key, String privilege) {
    return new Finding(
        key,
        "expected the role %s to have a privilege that it has not: GRANT %s TO %s;"
            .formatted(user, privilege, quote(user)));
  }
}
