package io.orderflow.source.validate;

import static io.orderflow.common.database.Identifiers.quote;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.TableName;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.schema.CapturedTables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks that the role can read all columns and rows of the tables. */
record PrivilegeCheck(CapturedTables tables, String user) {

  private static final String PRIVILEGES =
      """
      SELECT has_schema_privilege(n.oid, 'USAGE'), has_table_privilege(c.oid, 'SELECT'),
             row_security_active(c.oid)
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ? AND c.relname = ?
      """;

  /** The schemas of tables that the role must not use. */
  List<Finding> findingsOfSchemas(Connection connection) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    Set<String> schemas = new HashSet<>();
    for (ConfiguredTable table : relations()) {
      String schema = table.table().schema();
      if (schemas.add(schema) && !isUsable(connection, schema)) {
        findings.add(missing(table.key(), "USAGE ON SCHEMA " + quote(schema)));
      }
    }
    return findings;
  }

  /** All tables and views that the connector reads. */
  private List<ConfiguredTable> relations() {
    List<ConfiguredTable> relations = new ArrayList<>(ConfiguredTable.of(tables));
    add(TableSettings.ORDERS_VIEW, tables.reading().ordersView(), relations);
    add(TableSettings.ITEMS_VIEW, tables.reading().itemsView(), relations);
    add(TableSettings.DELETES, tables.deletes(), relations);
    return relations;
  }

  private static void add(
      String key, @Nullable TableName relation, List<ConfiguredTable> relations) {
    if (relation != null) {
      relations.add(new ConfiguredTable(key, relation));
    }
  }

  private static boolean isUsable(Connection connection, String schema) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT has_schema_privilege(oid, 'USAGE') FROM pg_catalog.pg_namespace WHERE nspname = ?")) {
      statement.setString(1, schema);
      try (ResultSet row = statement.executeQuery()) {
        return !row.next() || row.getBoolean(1);
      }
    }
  }

  List<Finding> findings(Connection connection) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    for (ConfiguredTable relation : relations()) {
      check(connection, relation.key(), relation.table(), findings);
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
        "row security may hide rows of %2$s from the role %1$s:\nALTER ROLE %3$s BYPASSRLS;"
            .formatted(user, table.quoted(), quote(user)));
  }

  private Finding missing(String key, String privilege) {
    return new Finding(
        key,
        "the role %s lacks a privilege:\nGRANT %s TO %s;".formatted(user, privilege, quote(user)));
  }
}
