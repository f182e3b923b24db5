package io.orderflow.sink.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.database.TableName;
import io.orderflow.sink.warehouse.BackorderTables;
import io.orderflow.sink.warehouse.Catalog;
import io.orderflow.sink.warehouse.RequiredSchema;
import io.orderflow.sink.warehouse.StockScale;
import io.orderflow.sink.warehouse.ViewedColumns;
import io.orderflow.sink.warehouse.WarehouseTables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Checks that an existing table is suitable for the sink. */
final class TableCheck {

  /** Types of numbers other than {@code numeric}, by their names in {@code pg_type}. */
  private static final Set<String> NUMBERS = Set.of("int2", "float4", "float8", "money");

  /** Privileges on each of the columns do as well. */
  private static final String LACKS_PRIVILEGE =
      """
      SELECT NOT has_table_privilege(t.oid, p.name)
             AND EXISTS (SELECT FROM unnest(?::text[]) c WHERE NOT has_column_privilege(t.oid, c, p.name))
        FROM (SELECT ?::regclass AS oid) t, (SELECT ?::text AS name) p""";

  private static final String LACKS_DELETE =
      "SELECT NOT has_table_privilege(t.oid, p.name)"
          + " FROM (SELECT ?::text[] AS unused, ?::regclass AS oid) t, (SELECT ?::text AS name) p";

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
    List<Finding> findings = new ArrayList<>(TableFeatures.checkKind(connection, key, table));
    if (!findings.isEmpty()) {
      return findings;
    }
    checkColumns(findings);
    findings.addAll(TableFeatures.check(connection, key, table, required));
    findings.addAll(RowSecurity.check(connection, key, table, required.privileges()));
    if (findings.isEmpty()) {
      findings.addAll(KeyCheck.check(connection, key, table, required.key()));
      if (required.equals(RequiredSchema.STOCK)) {
        findings.addAll(StockCheck.check(connection, key, table));
      }
      if (required.columns().containsKey(RevisionColumn.NAME)) {
        findings.addAll(RevisionColumn.check(connection, key, table));
      }
    }
    if (hasAllColumns()) {
      checkPrivileges(findings);
    }
    return findings;
  }

  private boolean hasAllColumns() throws SQLException {
    return Catalog.readColumns(connection, table).keySet().containsAll(required.columns().keySet());
  }

  private void checkColumns(List<Finding> findings) throws SQLException {
    Map<String, String> found = Catalog.readColumns(connection, table);
    for (Map.Entry<String, String> column : required.columns().entrySet()) {
      String type = found.get(column.getKey());
      if (type == null) {
        findings.add(missingColumn(column.getKey(), column.getValue()));
      } else if (!required.fits(column.getKey(), type)) {
        findings.add(wrongType(column.getKey(), column.getValue(), type));
      }
    }
  }

  private Finding missingColumn(String column, String type) throws SQLException {
    String add =
        "ALTER TABLE %s ADD COLUMN %s %s%s;"
            .formatted(table.quoted(), column, type, constraint(column, type));
    boolean isViewed = ViewedColumns.contain(column);
    return finding(
        "table %s lacks the column %s. Run: %s"
            .formatted(table, column, isViewed ? withoutViews("") : add));
  }

  /** What follows the type of a missing column; empty, or begins with a space. */
  private String constraint(String column, String type) {
    String ofBackorders = BackorderTables.DEFAULTS.get(column);
    return ofBackorders != null
        ? ofBackorders
        : required.counters().contains(column)
            ? " NOT NULL DEFAULT 0"
            : required.key().contains(column) && type.equals("text") ? " NOT NULL DEFAULT ''" : "";
  }

  private Finding wrongType(String column, String requiredType, String found) throws SQLException {
    String type = column.equals("order_id") ? orderIdType(found) : requiredType;
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

  /** The type of the other tables; otherwise the one that holds all IDs of the type found. */
  private String orderIdType(String found) throws SQLException {
    for (TableName other : tables.all()) {
      Optional<OrderIdType> type =
          Optional.ofNullable(Catalog.readColumns(connection, other).get("order_id"))
              .flatMap(Catalog::orderIdType);
      if (type.isPresent()) {
        return type.get().sqlName();
      }
    }
    return NUMBERS.contains(found) || found.startsWith("numeric")
        ? OrderIdType.BIGINT.sqlName()
        : OrderIdType.TEXT.sqlName();
  }

  private String withoutViews(String change) throws SQLException {
    if (table.equals(tables.stock()) || table.equals(tables.orders())) {
      return tables.withoutViews(ViewedColumns.add(connection, tables) + change);
    }
    BackorderTables backorders = tables.backorders();
    if (backorders != null && table.equals(backorders.orders())) {
      return backorders.withoutView(change, tables.scale());
    }
    return table.equals(tables.audit())
        ? tables.withoutAuditView(table, ViewedColumns.addToAudit(connection, table) + change)
        : tables.withoutPaymentViews(change);
  }

  private void checkPrivileges(List<Finding> findings) throws SQLException {
    List<String> missing = new ArrayList<>();
    for (String privilege : required.privileges()) {
      if (lacks(privilege)) {
        missing.add(privilege);
      }
    }
    if (!missing.isEmpty()) {
      findings.add(
          finding(
              "role %1$s lacks privileges on %2$s. Run: GRANT %3$s ON %4$s TO %1$s;"
                  .formatted(readRole(), table, String.join(", ", missing), table.quoted())));
    }
  }

  private boolean lacks(String privilege) throws SQLException {
    // Rows are deleted as a whole: there is no such privilege on a column.
    boolean isOfRows = privilege.equals("DELETE");
    try (PreparedStatement statement =
        connection.prepareStatement(isOfRows ? LACKS_DELETE : LACKS_PRIVILEGE)) {
      statement.setArray(
          1, connection.createArrayOf("text", required.columnsFor(privilege).toArray()));
      statement.setString(2, table.quoted());
      statement.setString(3, privilege);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
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
