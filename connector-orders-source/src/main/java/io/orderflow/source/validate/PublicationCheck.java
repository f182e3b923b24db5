package io.orderflow.source.validate;

import static io.orderflow.common.database.Identifiers.quote;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.TableName;
import io.orderflow.source.log.slot.Publication;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The publication has both tables, all of their rows, columns and operations.
 *
 * @param autocreate whether a missing one is made at the start
 * @param user for the SQL that mends a missing privilege
 */
record PublicationCheck(Publication publication, boolean autocreate, String user) {

  private static final String KEY = "publication.name";

  private static final String PUBLICATION =
      """
      SELECT pubinsert AND pubupdate AND pubdelete AND pubtruncate,
             pubviaroot OR NOT EXISTS (
               SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
               WHERE c.relkind = 'p' AND (n.nspname, c.relname) IN ((?, ?), (?, ?)))
      FROM pg_catalog.pg_publication WHERE pubname = ?
      """;

  // Row filters and lists of columns are of PostgreSQL 15 and later.
  private static final String TABLE =
      """
      SELECT to_jsonb(t) ->> 'rowfilter',
             EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0
                       AND NOT a.attisdropped AND a.attgenerated = ''
                       AND NOT to_jsonb(t) -> 'attnames' @> to_jsonb(a.attname))
      FROM pg_catalog.pg_publication_tables t
      JOIN pg_catalog.pg_namespace n ON n.nspname = t.schemaname
      JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.tablename
      WHERE t.pubname = ? AND t.schemaname = ? AND t.tablename = ?
      """;

  private static final String MAY_CREATE =
      """
      SELECT has_database_privilege(current_database(), 'CREATE'),
             (SELECT bool_and(pg_has_role(c.relowner, 'USAGE'))
              FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              WHERE (n.nspname, c.relname) IN ((?, ?), (?, ?))),
             current_setting('server_version_num')::integer
      """;

  List<Finding> findings(Connection connection) throws SQLException {
    if (!publication.exists(connection)) {
      return missing(connection);
    }
    List<Finding> findings = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(PUBLICATION)) {
      bindTables(statement);
      statement.setString(5, publication.name());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        if (!row.getBoolean(1)) {
          findings.add(
              alter(
                  "publish inserts, updates, deletes and truncates, found that it leaves some out",
                  "SET (publish = 'insert, update, delete, truncate')"));
        } else if (!row.getBoolean(2)) {
          findings.add(
              alter(
                  "publish partitions as the table that they are of, found that it does not",
                  "SET (publish_via_partition_root = true)"));
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

  private List<Finding> missing(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(MAY_CREATE)) {
      bindTables(statement);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        if (autocreate && row.getBoolean(1) && row.getBoolean(2)) {
          return List.of();
        }
        return List.of(
            new Finding(
                KEY,
                "expected a publication %s, or a role %s that owns the tables and may create one, found neither: %s"
                    .formatted(publication.name(), user, publication.creation(row.getInt(3)))));
      }
    }
  }

  private void bindTables(PreparedStatement statement) throws SQLException {
    TableName first = tables().get(0);
    TableName last = tables().get(tables().size() - 1);
    statement.setString(1, first.schema());
    statement.setString(2, first.table());
    statement.setString(3, last.schema());
    statement.setString(4, last.table());
  }

  private void check(Connection connection, TableName table, List<Finding> findings)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(TABLE)) {
      statement.setString(1, publication.name());
      statement.setString(2, table.schema());
      statement.setString(3, table.table());
      try (ResultSet row = statement.executeQuery()) {
        String add = "ADD TABLE " + table.quoted();
        String again = "DROP TABLE %s; ALTER PUBLICATION %s %s";
        if (!row.next()) {
          findings.add(alter("have the table %s, found that it has not".formatted(table), add));
        } else if (row.getString(1) != null) {
          findings.add(
              alter(
                  "have all rows of %s, found a row filter".formatted(table),
                  again.formatted(table.quoted(), quote(publication.name()), add)));
        } else if (row.getBoolean(2)) {
          findings.add(
              alter(
                  "have all columns of %s, found a list that leaves some out".formatted(table),
                  again.formatted(table.quoted(), quote(publication.name()), add)));
        }
      }
    }
  }

  private Finding alter(String expected, String change) {
    return new Finding(
        KEY,
        "expected the publication %s to %s: ALTER PUBLICATION %s %s;"
            .formatted(publication.name(), expected, quote(publication.name()), change));
  }

  private List<TableName> tables() {
    return publication.published();
  }
}
