package io.orderflow.source.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.TableName;
import io.orderflow.source.schema.CapturedTables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Refuses partitions that are foreign tables: neither this server's triggers nor its log see what
 * others change in their rows.
 */
record ForeignPartitionsCheck(CapturedTables tables) {

  private static final String FOREIGN =
      """
      SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname),
             quote_ident(pn.nspname) || '.' || quote_ident(p.relname)
      FROM pg_partition_tree(?::regclass) AS t
      JOIN pg_catalog.pg_class c ON c.oid = t.relid AND c.relkind = 'f'
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_class p ON p.oid = t.parentrelid
      JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
      ORDER BY 1
      """;

  List<Finding> findings(Connection connection) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    for (ConfiguredTable table : ConfiguredTable.of(tables)) {
      check(connection, table.key(), table.table(), findings);
    }
    return findings;
  }

  private static void check(
      Connection connection, String key, TableName table, List<Finding> findings)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(FOREIGN)) {
      statement.setString(1, table.quoted());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          findings.add(
              new Finding(
                  key,
                  "%1$s is a foreign table, whose changes neither triggers nor the log of this server see; capture its rows with a connector of the server that stores them, and detach it here:\nALTER TABLE %2$s DETACH PARTITION %1$s;"
                      .formatted(row.getString(1), row.getString(2))));
        }
      }
    }
  }
}
