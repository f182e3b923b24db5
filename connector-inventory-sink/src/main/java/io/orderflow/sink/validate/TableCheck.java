package io.orderflow.sink.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.TableName;
import io.orderflow.sink.warehouse.Catalog;
import io.orderflow.sink.warehouse.StockScale;
import io.orderflow.sink.warehouse.WarehouseTables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Checks that an existing table is suitable for the sink. */
final class TableCheck {

  private static final String UNIQUE_KEYS =
      """
      SELECT array_agg(a.attname ORDER BY a.attname)::text[]
        FROM pg_index i
        JOIN pg_attribute a ON a.attrelid = i.indrelid
         AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])
       WHERE i.indrelid = ?::regclass AND i.indisunique AND i.indimmediate AND i.indpred IS NULL
         AND i.indisvalid AND i.indexprs IS NULL
       GROUP BY i.indexrelid""";

  private static final String PRIMARY_KEY =
      """
      SELECT format('%I', conname) FROM pg_constraint
       WHERE conrelid = ?::regclass AND contype = 'p'""";

  private static final String DEFERRABLE_KEY = PRIMARY_KEY + " AND condeferrable";

  private static final String CHECKS =
      """
      SELECT pg_get_constraintdef(oid) FROM pg_constraint
       WHERE conrelid = ?::regclass AND contype = 'c'""";

  private static final String PRIVILEGES =
      """
      SELECT p FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) p
       WHERE NOT has_table_privilege(?::regclass, p)""";

  private final Connection connection;
  private final String key;
  private final TableName table;
  private final RequiredSchema required;
  private final WarehouseTables tables;
  private final int scale;

  /**
   * Creates the check.
   *
   * @param scale decimals of a quantity, in which the tables count
   */
  TableCheck(
      Connection connection,
      String key,
      TableName table,
      RequiredSchema required,
      WarehouseTables tables,
      int scale) {
    this.tables = tables;
    this.scale = scale;
    this.connection = connection;
    this.key = key;
    this.table = table;
    this.required = required;
  }

  List<Finding> check() throws SQLException {
    List<Finding> findings = new ArrayList<>();
    checkColumns(findings);
    findings.addAll(TableFeatures.check(connection, key, table, required.columns().keySet()));
    findings.addAll(RowSecurity.check(connection, key, table, required.privileges()));
    if (findings.isEmpty()) {
      checkKey(findings);
      checkStockConstraint(findings);
      if (required.columns().containsKey(RevisionColumn.NAME)) {
        findings.addAll(RevisionColumn.check(connection, key, table));
      }
    }
    checkPrivileges(findings);
    return findings;
  }

  private void checkColumns(List<Finding> findings) throws SQLException {
    Map<String, String> found = Catalog.readColumns(connection, table);
    required
        .columns()
        .forEach(
            (column, type) -> {
              String foundType = found.get(column);
              if (foundType == null) {
                findings.add(missingColumn(column, type));
              } else if (!fits(column, type, foundType)) {
                findings.add(wrongType(column, type, foundType));
              }
            });
  }

  private static boolean fits(String column, String type, String found) {
    if (column.equals("order_id")) {
      return Catalog.orderIdType(found).isPresent();
    }
    return switch (type) {
      case "text" -> Set.of("text", "varchar").contains(found);
      case "numeric" -> found.equals("numeric");
      case "integer" -> found.equals("int4");
      case "date" -> found.equals("date");
      case "text[]" -> found.equals("_text");
      case "bigint[]" -> found.equals("_int8");
      case "timestamptz" -> Set.of("timestamptz", "timestamp").contains(found);
      default -> found.equals("int8");
    };
  }

  private Finding missingColumn(String column, String type) {
    return finding(
        "table %s lacks the column %s. Run: ALTER TABLE %s ADD COLUMN %s %s%s;"
            .formatted(table, column, table.quoted(), column, type, required.constraint(column)));
  }

  private Finding wrongType(String column, String type, String found) {
    boolean counts =
        required.counters().contains(column) && type.equals("bigint") && !StockScale.isWhole(found);
    String change =
        "ALTER TABLE %s ALTER COLUMN %s TYPE %s USING %s;"
            .formatted(
                table.quoted(),
                column,
                type,
                counts ? StockScale.ofUnits(column, scale) : column + "::" + type);
    return finding(
        "expected %s.%s of type %s, found %s. %sRun: %s"
            .formatted(
                table,
                column,
                type,
                found,
                counts
                    ? "If quantities have more than %d decimals, raise quantity.scale. "
                        .formatted(scale)
                    : "",
                withoutViews(change)));
  }

  private String withoutViews(String change) {
    if (table.equals(tables.stock()) || table.equals(tables.orders())) {
      return tables.withoutViews(change);
    }
    return table.equals(tables.audit()) ? change : tables.withoutPaymentViews(change);
  }

  private void checkKey(List<Finding> findings) throws SQLException {
    List<String> wanted = required.key().stream().sorted().toList();
    String columns = String.join(", ", required.key());
    if (!readTexts(UNIQUE_KEYS, table.quoted()).contains("{" + String.join(",", wanted) + "}")) {
      findings.add(finding(missingKey(columns)));
    }
  }

  private String missingKey(String columns) throws SQLException {
    List<String> deferrable = readTexts(DEFERRABLE_KEY, table.quoted());
    if (!deferrable.isEmpty()) {
      return ("table %1$s has a deferrable primary key, which ON CONFLICT cannot use. Run: ALTER"
              + " TABLE %3$s DROP CONSTRAINT %4$s, ADD PRIMARY KEY (%2$s);")
          .formatted(table, columns, table.quoted(), deferrable.get(0));
    }
    return readTexts(PRIMARY_KEY, table.quoted()).isEmpty()
        ? "table %1$s lacks a primary key (%2$s). Run: ALTER TABLE %3$s ADD PRIMARY KEY (%2$s);"
            .formatted(table, columns, table.quoted())
        : "table %1$s lacks a unique key (%2$s). Run: ALTER TABLE %3$s ADD UNIQUE (%2$s);"
            .formatted(table, columns, table.quoted());
  }

  private void checkStockConstraint(List<Finding> findings) throws SQLException {
    if (!required.equals(RequiredSchema.STOCK)) {
      return;
    }
    boolean guarded =
        readTexts(CHECKS, table.quoted()).stream()
            .anyMatch(check -> check.contains("reserved <= on_hand"));
    if (!guarded) {
      findings.add(
          finding(
              ("table %s lacks the constraint that prevents overselling. Run: ALTER TABLE %s ADD"
                      + " CHECK (0 <= reserved AND reserved <= on_hand);")
                  .formatted(table, table.quoted())));
    }
  }

  private void checkPrivileges(List<Finding> findings) throws SQLException {
    Set<String> missing =
        readTexts(PRIVILEGES, table.quoted()).stream()
            .filter(required.privileges()::contains)
            .collect(Collectors.toSet());
    if (!missing.isEmpty()) {
      String privileges =
          required.privileges().stream()
              .filter(missing::contains)
              .collect(Collectors.joining(", "));
      String role = readRole();
      findings.add(
          finding(
              "role %1$s lacks privileges on %2$s. Run: GRANT %3$s ON %4$s TO %1$s;"
                  .formatted(role, table, privileges, table.quoted())));
    }
  }

  private String readRole() throws SQLException {
    return readTexts("SELECT quote_ident(current_user) WHERE ? IS NOT NULL", "").get(0);
  }

  private List<String> readTexts(String sql, String parameter) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, parameter);
      try (ResultSet rows = statement.executeQuery()) {
        List<String> texts = new ArrayList<>();
        while (rows.next()) {
          texts.add(rows.getString(1));
        }
        return texts;
      }
    }
  }

  private Finding finding(String message) {
    return new Finding(key, message);
  }
}
