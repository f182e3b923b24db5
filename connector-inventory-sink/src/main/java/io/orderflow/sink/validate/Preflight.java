package io.orderflow.sink.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.ConnectFailure;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.database.Identifiers;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.database.TableName;
import io.orderflow.sink.warehouse.Catalog;
import io.orderflow.sink.warehouse.WarehouseTables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Looks at the warehouse before a connector starts, and changes nothing there. */
public final class Preflight {

  private final DatabaseSettings settings;
  private final WarehouseTables tables;
  private final Map<TableName, String> keys;
  private final boolean autoCreate;

  /**
   * @param keys the setting that names each table, for the findings about it
   * @param autoCreate whether tables may be missing
   */
  public Preflight(
      DatabaseSettings settings,
      WarehouseTables tables,
      Map<TableName, String> keys,
      boolean autoCreate) {
    this.settings = settings;
    this.tables = tables;
    this.keys = keys;
    this.autoCreate = autoCreate;
  }

  /** What stands in the way, each with what mends it. */
  public List<Finding> findings() {
    try (Connection connection = settings.connect("orderflow-preflight")) {
      return look(connection);
    } catch (SQLException failure) {
      return List.of(ConnectFailure.finding(failure, settings.user()));
    }
  }

  private List<Finding> look(Connection connection) throws SQLException {
    List<Finding> findings = new ArrayList<>(ServerCheck.findings(connection));
    List<TableName> missing = new Catalog(tables).missing(connection);
    if (!missing.isEmpty()) {
      findings.addAll(autoCreate ? creation(connection, missing) : missing(connection, missing));
    }
    Map<TableName, TableShape> shapes = new HashMap<>();
    shapes.put(tables.stock(), TableShape.STOCK);
    shapes.put(tables.orders(), TableShape.ORDERS);
    shapes.put(tables.payments(), TableShape.PAYMENTS);
    TableName audit = tables.audit();
    if (audit != null) {
      shapes.put(audit, TableShape.AUDIT);
    }
    for (Map.Entry<TableName, String> entry : keys.entrySet()) {
      TableName table = entry.getKey();
      TableShape shape = shapes.get(table);
      if (shape != null && !missing.contains(table)) {
        findings.addAll(new TableCheck(connection, entry.getValue(), table, shape).findings());
      }
    }
    if (findings.isEmpty()) {
      findings.addAll(disagreement(connection));
    }
    return findings;
  }

  private List<Finding> missing(Connection connection, List<TableName> missing)
      throws SQLException {
    String script = tables.installScript(orderIds(connection));
    List<Finding> findings = new ArrayList<>();
    for (TableName table : missing) {
      findings.add(
          new Finding(
              key(table),
              "expected a table "
                  + table
                  + ", found none that this role can see. Set auto.create=true, or run (with the"
                  + " type of your order IDs):\n"
                  + script));
    }
    return findings;
  }

  private OrderIdType orderIds(Connection connection) throws SQLException {
    try {
      return new Catalog(tables).orderIdType(connection).orElse(OrderIdType.BIGINT);
    } catch (IllegalStateException e) {
      return OrderIdType.BIGINT;
    }
  }

  private List<Finding> creation(Connection connection, List<TableName> missing)
      throws SQLException {
    List<Finding> findings = new ArrayList<>();
    for (TableName table : missing) {
      if (!canCreate(connection, table.schema())) {
        findings.add(
            new Finding(
                key(table),
                "expected the privilege to create "
                    + table
                    + ", found none. Run: CREATE SCHEMA IF NOT EXISTS "
                    + quoted(table.schema())
                    + "; GRANT USAGE, CREATE ON SCHEMA "
                    + quoted(table.schema())
                    + " TO "
                    + quoted(settings.user())
                    + ";"));
      }
    }
    return findings;
  }

  private static boolean canCreate(Connection connection, String schema) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT has_schema_privilege(oid, 'CREATE') FROM pg_namespace WHERE nspname = ?")) {
      statement.setString(1, schema);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  private List<Finding> disagreement(Connection connection) throws SQLException {
    try {
      new Catalog(tables).orderIdType(connection);
      return List.of();
    } catch (IllegalStateException e) {
      return List.of(new Finding(key(tables.orders()), String.valueOf(e.getMessage())));
    }
  }

  private String key(TableName table) {
    return keys.getOrDefault(table, DatabaseSettings.URL);
  }

  private static String quoted(String name) {
    return Identifiers.quote(name);
  }
}
