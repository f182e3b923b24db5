package io.orderflow.source.catalog;

import io.orderflow.common.database.Identifiers;
import io.orderflow.common.database.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A change of the type of an order ID's column and of all columns that refer to it. PostgreSQL
 * keeps no foreign key between two collations if one of them is nondeterministic, nor between some
 * types, so the keys are dropped and added again.
 */
enum IdTypeChange {
  /** The same type with the collation "C". */
  COLLATION("format_type(a.atttypid, a.atttypmod) || ' COLLATE \"C\"'"),

  /** A text of the same maximum length, without the blanks that char(n) adds. */
  VARCHAR(
      "CASE WHEN a.atttypmod > 4 THEN format('varchar(%s)', a.atttypmod - 4) ELSE 'varchar' END"),

  BIGINT("'bigint'");

  /** The numbers without a fraction that a bigint can be. */
  private static final Pattern INTEGER = Pattern.compile("numeric\\((\\d|1[0-8]),0\\)");

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
        SELECT t.oid, format('%%I.%%I', n.nspname, t.relname) AS name
        FROM pg_catalog.pg_class t JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
      )
      SELECT CASE WHEN NOT EXISTS (SELECT FROM fixed) THEN format('BEGIN; %%s; %%s; %%s; COMMIT;',
        (SELECT string_agg(format('ALTER TABLE %%s DROP CONSTRAINT %%I', t.name, k.conname), '; ' ORDER BY k.oid)
         FROM keys k JOIN tables t ON t.oid = k.conrelid),
        (SELECT string_agg(format('ALTER TABLE %%s ALTER COLUMN %%I TYPE %%s', t.name, a.attname, %s), '; ' ORDER BY t.oid)
         FROM columns c JOIN tables t ON t.oid = c.attrelid
         JOIN pg_catalog.pg_attribute a ON a.attrelid = c.attrelid AND a.attnum = c.attnum),
        (SELECT string_agg(format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', t.name, k.conname, pg_get_constraintdef(k.oid)),
                           '; ' ORDER BY k.oid)
         FROM keys k JOIN tables t ON t.oid = k.conrelid)) ELSE '' END
      WHERE EXISTS (SELECT FROM keys)
      """;

  /** An expression for the new type of {@code a}, a row of pg_attribute. */
  private final String type;

  IdTypeChange(String type) {
    this.type = type;
  }

  /**
   * The change that makes a type one that an order ID can have, without another value.
   *
   * @param sqlType as {@code format_type} has it
   */
  static Optional<IdTypeChange> of(String sqlType) {
    if (sqlType.equals("bpchar") || sqlType.startsWith("character(")) {
      return Optional.of(VARCHAR);
    }
    return INTEGER.matcher(sqlType).matches() ? Optional.of(BIGINT) : Optional.empty();
  }

  /** The statement that changes a column to which none refers. */
  String statement(TableName table, String column, String sqlType) {
    String target =
        switch (this) {
          case COLLATION -> sqlType + " COLLATE \"C\"";
          case VARCHAR -> sqlType.replaceFirst("^\\w+", "varchar");
          case BIGINT -> "bigint";
        };
    return "ALTER TABLE %s ALTER COLUMN %s TYPE %s;"
        .formatted(table.quoted(), Identifiers.quote(column), target);
  }

  /**
   * The script for a column of the orders table.
   *
   * @return empty if no foreign key refers to the column; an empty text if PostgreSQL cannot change
   *     one of the columns, by which a table is partitioned
   */
  Optional<String> script(Connection connection, TableName orders, String column)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SCRIPT.formatted(type))) {
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
