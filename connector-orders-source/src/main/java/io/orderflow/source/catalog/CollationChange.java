package io.orderflow.source.catalog;

import io.orderflow.common.database.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * SQL that gives the collation "C" to an order ID's column and to all columns that refer to it:
 * PostgreSQL keeps no foreign key between two collations if one of them is nondeterministic, so the
 * keys are dropped and added again.
 */
final class CollationChange {

  private static final String SCRIPT =
      """
      WITH keys AS (
        SELECT c.oid, c.conrelid, c.conname, c.conkey[array_position(c.confkey, a.attnum)] AS attnum
        FROM pg_catalog.pg_constraint c
        JOIN pg_catalog.pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = ANY (c.confkey)
        WHERE c.confrelid = ?::regclass AND a.attname = ? AND c.contype = 'f' AND c.conparentid = 0
      ), columns AS (
        SELECT attrelid, attnum FROM pg_catalog.pg_attribute WHERE attrelid = ?::regclass AND attname = ?
        UNION
        SELECT conrelid, attnum FROM keys
      ), fixed AS (
        SELECT FROM columns c
        JOIN pg_catalog.pg_attribute a ON a.attrelid = c.attrelid AND a.attnum = c.attnum
        CROSS JOIN LATERAL pg_catalog.pg_partition_tree(c.attrelid) AS tree
        JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = tree.relid
        JOIN pg_catalog.pg_attribute k ON k.attrelid = p.partrelid AND k.attname = a.attname
        WHERE k.attnum = ANY (p.partattrs::int2[]) OR p.partexprs IS NOT NULL
      ), tables AS (
        SELECT t.oid, format('%I.%I', n.nspname, t.relname) AS name
        FROM pg_catalog.pg_class t JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
      )
      SELECT CASE WHEN NOT EXISTS (SELECT FROM fixed) THEN format('BEGIN; %s; %s; %s; COMMIT;',
        (SELECT string_agg(format('ALTER TABLE %s DROP CONSTRAINT %I', t.name, k.conname), '; ' ORDER BY k.oid)
         FROM keys k JOIN tables t ON t.oid = k.conrelid),
        (SELECT string_agg(format('ALTER TABLE %s ALTER COLUMN %I TYPE %s COLLATE "C"',
                                  t.name, a.attname, format_type(a.atttypid, a.atttypmod)), '; ' ORDER BY t.oid)
         FROM columns c JOIN tables t ON t.oid = c.attrelid
         JOIN pg_catalog.pg_attribute a ON a.attrelid = c.attrelid AND a.attnum = c.attnum),
        (SELECT string_agg(format('ALTER TABLE %s ADD CONSTRAINT %I %s', t.name, k.conname, pg_get_constraintdef(k.oid)),
                           '; ' ORDER BY k.oid)
         FROM keys k JOIN tables t ON t.oid = k.conrelid)) ELSE '' END
      WHERE EXISTS (SELECT FROM keys)
      """;

  private CollationChange() {}

  /**
   * The script for a column of the orders table.
   *
   * @return empty if no foreign key refers to the column; an empty text if PostgreSQL cannot change
   *     one of the columns, by which a table is partitioned
   */
  static Optional<String> script(Connection connection, TableName orders, String column)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SCRIPT)) {
      statement.setString(1, orders.quoted());
      statement.setString(2, column);
      statement.setString(3, orders.quoted());
      statement.setString(4, column);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
      }
    }
  }
}
