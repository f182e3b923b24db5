package io.orderflow.source.validate;

import static io.orderflow.common.database.Identifiers.quote;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.TableName;
import io.orderflow.source.catalog.ServerInfo;
import io.orderflow.source.config.LogSettings;
import io.orderflow.source.log.slot.Publication;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks that the publication contains all tables, with all of their rows, columns and operations.
 *
 * @param user the role, for messages
 */
record PublicationCheck(Publication publication, String user) {

  private static final String PUBLICATION =
      """
      SELECT pubinsert AND pubupdate AND pubdelete AND pubtruncate,
             NOT pubviaroot OR NOT EXISTS (
               SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
               WHERE c.relkind = 'p' AND (n.nspname, c.relname) IN (SELECT * FROM unnest(?::text[], ?::text[])))
      FROM pg_catalog.pg_publication WHERE pubname = ?
      """;

  /**
   * The tables that store rows of a table, and how they are published. PostgreSQL has row filters
   * and column lists from version 15 on.
   */
  private static final String STORED =
      """
      SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname), t.tablename IS NOT NULL,
             to_jsonb(t) ->> 'rowfilter',
             EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0
                       AND NOT a.attisdropped AND a.attgenerated = ''
                       AND NOT to_jsonb(t) -> 'attnames' @> to_jsonb(a.attname)),
             c.oid = root.oid
      FROM pg_catalog.pg_class root
      JOIN pg_catalog.pg_namespace s ON s.oid = root.relnamespace
      JOIN pg_catalog.pg_class c ON c.relkind = 'r'
        AND (c.oid = root.oid OR c.oid IN (SELECT relid FROM pg_partition_tree(root.oid)))
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_catalog.pg_publication_tables t
        ON t.pubname = ? AND t.schemaname = n.nspname AND t.tablename = c.relname
      WHERE s.nspname = ? AND root.relname = ?
      ORDER BY n.nspname, c.relname
      """;

  /** Whether a partitioned table is published itself, and with it each partition that is added. */
  private static final String ROOT =
      """
      SELECT c.relkind <> 'p' OR p.puballtables
        OR EXISTS (SELECT FROM pg_catalog.pg_publication_rel r WHERE r.prpubid = p.oid AND r.prrelid = c.oid)%s
      FROM pg_catalog.pg_publication p
      CROSS JOIN pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE p.pubname = ? AND n.nspname = ? AND c.relname = ?
      """;

  private static final String OR_SCHEMA =
      " OR EXISTS (SELECT FROM pg_catalog.pg_publication_namespace s WHERE s.pnpubid = p.oid AND s.pnnspid = n.oid)";

  private static final int PUBLISHES_SCHEMAS = 150_000;

  private static final String MAY_CREATE =
      """
      SELECT has_database_privilege(current_database(), 'CREATE'),
             (SELECT bool_and(pg_has_role(c.relowner, 'USAGE'))
              FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              WHERE (n.nspname, c.relname) IN (SELECT * FROM unnest(?::text[], ?::text[]))),
             current_setting('server_version_num')::integer
      """;

  /** Findings of a publication that the connector creates if it does not exist. */
  List<Finding> findingsIfNotCreated(Connection connection) throws SQLException {
    return publication.exists(connection) ? findings(connection) : findingsOfCreation(connection);
  }

  /** Findings of a publication that must exist. */
  List<Finding> findings(Connection connection) throws SQLException {
    if (!publication.exists(connection)) {
      return List.of(missing("", ServerInfo.readVersion(connection)));
    }
    List<Finding> findings = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(PUBLICATION)) {
      bindTables(connection, statement);
      statement.setString(3, publication.name());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        if (!row.getBoolean(1)) {
          findings.add(
              alter(
                  "does not publish all of inserts, updates, deletes and truncates",
                  "SET (publish = 'insert, update, delete, truncate')"));
        } else if (!row.getBoolean(2)) {
          findings.add(
              alter(
                  "publishes the changes of partitions as those of the table to which they belong, which conceals when a partition is truncated, and which replica identity a row has",
                  "SET (publish_via_partition_root = false)"));
        }
      }
    }
    if (findings.isEmpty()) {
      for (TableName table : tables()) {
        check(connection, table, findings);
      }
    }
    return findings;
  }

  private List<Finding> findingsOfCreation(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(MAY_CREATE)) {
      bindTables(connection, statement);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getBoolean(1) && row.getBoolean(2)
            ? List.of()
            : List.of(
                missing(", and the role %s may not create it".formatted(user), row.getInt(3)));
      }
    }
  }

  private Finding missing(String reason, int serverVersion) {
    return new Finding(
        LogSettings.PUBLICATION,
        "the publication %s does not exist%s:\n%s"
            .formatted(publication.name(), reason, publication.createSql(serverVersion)));
  }

  private void bindTables(Connection connection, PreparedStatement statement) throws SQLException {
    statement.setArray(
        1, connection.createArrayOf("text", tables().stream().map(TableName::schema).toArray()));
    statement.setArray(
        2, connection.createArrayOf("text", tables().stream().map(TableName::table).toArray()));
  }

  private void check(Connection connection, TableName table, List<Finding> findings)
      throws SQLException {
    String add = "ADD TABLE " + table.quoted();
    if (!publishesRoot(connection, table)) {
      findings.add(alter("does not contain the table %s".formatted(table), add));
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(STORED)) {
      bind(statement, table);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          String stored = row.getString(1);
          String readd =
              row.getBoolean(5)
                  ? "DROP TABLE %s; ALTER PUBLICATION %s %s"
                      .formatted(stored, quote(publication.name()), add)
                  : "DROP TABLE " + stored;
          if (!row.getBoolean(2)) {
            findings.add(alter("does not contain the table %s".formatted(stored), add));
          } else if (row.getString(3) != null) {
            findings.add(alter("has a row filter on %s".formatted(stored), readd));
          } else if (row.getBoolean(4)) {
            findings.add(
                alter("has a column list of %s without some columns".formatted(stored), readd));
          }
        }
      }
    }
  }

  private boolean publishesRoot(Connection connection, TableName table) throws SQLException {
    boolean schemas = ServerInfo.readVersion(connection) >= PUBLISHES_SCHEMAS;
    try (PreparedStatement statement =
        connection.prepareStatement(ROOT.formatted(schemas ? OR_SCHEMA : ""))) {
      bind(statement, table);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  private void bind(PreparedStatement statement, TableName table) throws SQLException {
    statement.setString(1, publication.name());
    statement.setString(2, table.schema());
    statement.setString(3, table.table());
  }

  private Finding alter(String problem, String change) {
    return new Finding(
        LogSettings.PUBLICATION,
        "the publication %s %s:\nALTER PUBLICATION %s %s;"
            .formatted(publication.name(), problem, quote(publication.name()), change));
  }

  private List<TableName> tables() {
    return publication.published();
  }
}
