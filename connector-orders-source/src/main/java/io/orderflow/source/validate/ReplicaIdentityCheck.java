package io.orderflow.source.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.TableName;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.schema.CapturedTables;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Checks that the replica identity of each table, and of each of its partitions, contains the order
 * ID: the log then has the order ID of a deleted row, and of a row that moves to another order.
 */
record ReplicaIdentityCheck(CapturedTables tables, List<String> ordersId) {

  private static final String IDENTITIES =
      """
      SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname), c.relreplident::text,
             ARRAY(SELECT a.attname::text
                   FROM pg_catalog.pg_index i
                   CROSS JOIN LATERAL unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (attnum, position)
                   JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                   WHERE i.indrelid = c.oid AND k.position <= i.indnkeyatts
                     AND CASE c.relreplident WHEN 'd' THEN i.indisprimary
                                             WHEN 'i' THEN i.indisreplident ELSE false END)
      FROM (SELECT t.oid FROM pg_catalog.pg_class t
            JOIN pg_catalog.pg_namespace s ON s.oid = t.relnamespace
            WHERE s.nspname = ? AND t.relname = ?) root
      JOIN pg_catalog.pg_class c ON c.relkind = 'r'
        AND (c.oid = root.oid OR c.oid IN (SELECT relid FROM pg_partition_tree(root.oid)))
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      ORDER BY 1
      """;

  List<Finding> findings(Connection connection) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    check(connection, TableSettings.ORDERS_TABLE, tables.orders(), ordersId, findings);
    TableName items = tables.items();
    if (items != null) {
      check(connection, TableSettings.ITEMS_TABLE, items, tables.itemsOrderId(), findings);
    }
    return findings;
  }

  private static void check(
      Connection connection,
      String key,
      TableName table,
      List<String> required,
      List<Finding> findings)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(IDENTITIES)) {
      statement.setString(1, table.schema());
      statement.setString(2, table.table());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          List<String> columns = columns(row.getArray(3));
          if (!row.getString(2).equals("f") && !columns.containsAll(required)) {
            findings.add(lacking(key, row.getString(1), required, columns));
          }
        }
      }
    }
  }

  private static List<String> columns(Array array) throws SQLException {
    return Arrays.stream((Object[]) array.getArray()).map(String::valueOf).toList();
  }

  private static Finding lacking(
      String key, String table, List<String> required, List<String> found) {
    return new Finding(
        key,
        "the replica identity of %s has %s and not %s, so the log would not contain the order ID of deleted rows: ALTER TABLE %s REPLICA IDENTITY FULL;"
            .formatted(
                table,
                found.isEmpty() ? "no column" : found,
                required.size() == 1 ? required.get(0) : required,
                table));
  }
}
