package io.orderflow.source.catalog;

import io.orderflow.common.database.TableName;
import io.orderflow.source.schema.PartitionTree;
import io.orderflow.source.schema.PartitionTree.Partition;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Reads the partitions of a table. */
public final class Partitions {

  private static final String TREE =
      """
      SELECT n.nspname, c.relname, t.isleaf, pn.nspname, p.relname
      FROM pg_partition_tree(?::regclass) t
      JOIN pg_catalog.pg_class c ON c.oid = t.relid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_catalog.pg_class p ON t.level > 0 AND p.oid = t.parentrelid
      LEFT JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
      ORDER BY t.level, n.nspname, c.relname
      """;

  private Partitions() {}

  /** Reads the tree of a table that exists. */
  public static PartitionTree readTree(Connection connection, TableName table) throws SQLException {
    List<Partition> tables = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(TREE)) {
      statement.setString(1, table.quoted());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          String parent = row.getString(5);
          tables.add(
              new Partition(
                  new TableName(row.getString(1), row.getString(2)),
                  parent == null ? null : new TableName(row.getString(4), parent),
                  row.getBoolean(3)));
        }
      }
    }
    return tables.isEmpty() ? PartitionTree.of(table) : new PartitionTree(tables);
  }
}
