package io.orderflow.sink.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.ConnectFailure;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.database.Identifiers;
import io.orderflow.common.database.LockWaits;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.database.Pooler;
import io.orderflow.common.database.TableName;
import io.orderflow.sink.config.ConfigKeys;
import io.orderflow.sink.plan.ReservationRules;
import io.orderflow.sink.record.Role;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks the warehouse before a connector starts, without changing anything. */
public final class Preflight {

  private final DatabaseSettings settings;
  private final WarehouseTables tables;
  private final Map<TableName, String> keys;
  private final int scale;
  private final boolean autoCreate;
  private final ReservationRules rules;
  private final long sessions;
  private final Set<Role> roles;

  /**
   * Creates the checks, without connecting yet.
   *
   * @param keys by table, the setting that names it, which findings refer to
   * @param scale decimals of a quantity
   * @param autoCreate whether the sink creates missing tables
   * @param sessions maximum number of connections of all tasks together
   * @param roles those that at least one topic has
   */
  public Preflight(
      DatabaseSettings settings,
      WarehouseTables tables,
      Map<TableName, String> keys,
      int scale,
      boolean autoCreate,
      ReservationRules rules,
      long sessions,
      Set<Role> roles) {
    this.settings = settings;
    this.tables = tables;
    this.keys = keys;
    this.scale = scale;
    this.autoCreate = autoCreate;
    this.rules = rules;
    this.sessions = sessions;
    this.roles = Set.copyOf(roles);
  }

  /** Connects, and reports each problem with its solution. */
  public List<Finding> check() {
    try {
      return settings.transaction("orderflow-preflight", this::check);
    } catch (SQLException failure) {
      return List.of(ConnectFailure.finding(failure, settings.user()));
    }
  }

  private List<Finding> check(Connection connection) throws SQLException {
    List<Finding> findings = new ArrayList<>(LockWaits.findings(connection, settings));
    if (!findings.isEmpty()) {
      // The checks of tables might wait for the same lock.
      return findings;
    }
    findings.addAll(SlowWrites.findings(connection, settings));
    findings.addAll(ServerCheck.check(connection));
    if (settings.pooler() == Pooler.NONE) {
      // A pooler has limits of its own, and waits itself for the server's.
      findings.addAll(ServerCheck.limits(connection, sessions));
    }
    List<Finding> hidden = hiddenSchemas(connection);
    if (!hidden.isEmpty()) {
      findings.addAll(hidden);
      return findings;
    }
    List<TableName> missing = new Catalog(tables).readMissing(connection);
    if (!missing.isEmpty()) {
      findings.addAll(
          autoCreate
              ? checkCreatePrivileges(connection, missing)
              : missingTables(connection, missing));
    }
    List<Finding> ofScale = ScaleCheck.check(connection, tables, scale);
    findings.addAll(ofScale);
    Map<TableName, RequiredSchema> schemas = requiredSchemas();
    for (Map.Entry<TableName, String> entry : keys.entrySet()) {
      TableName table = entry.getKey();
      RequiredSchema schema = schemas.get(table);
      // The SQL that changes the scale also changes the types of stock: both must not be run.
      boolean isConverted = table.equals(tables.stock()) && !ofScale.isEmpty();
      if (schema != null && !missing.contains(table) && !isConverted) {
        findings.addAll(
            new TableCheck(connection, entry.getValue(), table, schema, tables, scale).check());
      }
    }
    TableName audit = tables.audit();
    if (audit != null && !missing.contains(audit)) {
      findings.addAll(
          AuditFunctionCheck.check(
              connection, tables, audit, readOrderIdType(connection), settings.user()));
    }
    WarehouseTables.OrderPaymentTables payments = tables.orderPayments();
    if (payments != null && !missing.contains(payments.totals())) {
      findings.addAll(
          new SumTriggers(tables, payments).findings(connection, key(payments.totals())));
    }
    if (findings.isEmpty()) {
      findings.addAll(checkOrderIdTypes(connection));
    }
    if (findings.isEmpty() && rules.expire() && !missing.contains(tables.orders())) {
      findings.addAll(DeadlineIndex.check(connection, key(tables.orders()), tables.orders()));
    }
    BackorderTables backorders = tables.backorders();
    if (findings.isEmpty()
        && backorders != null
        && !missing.contains(backorders.orders())
        && !missing.contains(backorders.due())) {
      findings.addAll(BackorderCheck.check(connection, key(backorders.orders()), backorders));
    }
    return findings;
  }

  /** A row of payments has a part that is null if topics lead to both parts. */
  private Map<TableName, RequiredSchema> requiredSchemas() {
    Map<TableName, RequiredSchema> schemas = RequiredSchema.of(tables);
    boolean holdsPayments = roles.contains(Role.PAYMENT) && tables.orderPayments() == null;
    if (!roles.contains(Role.ORDER) || !holdsPayments) {
      Set<String> neverNull = holdsPayments ? RequiredSchema.PAID : RequiredSchema.DUE;
      schemas.computeIfPresent(tables.payments(), (table, schema) -> schema.without(neverNull));
    }
    return schemas;
  }

  /** Without USAGE on a schema, its tables can neither be inspected nor used. */
  private List<Finding> hiddenSchemas(Connection connection) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (TableName table : tables.all()) {
      if (seen.add(table.schema()) && isHidden(connection, table.schema())) {
        findings.add(
            new Finding(
                key(table),
                "role %s may not use the schema of table %s. Run: GRANT USAGE ON SCHEMA %s TO %s;"
                    .formatted(
                        settings.user(), table, quoted(table.schema()), quoted(settings.user()))));
      }
    }
    return findings;
  }

  private static boolean isHidden(Connection connection, String schema) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT NOT has_schema_privilege(oid, 'USAGE') FROM pg_namespace WHERE nspname = ?")) {
      statement.setString(1, schema);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  private List<Finding> missingTables(Connection connection, List<TableName> missing)
      throws SQLException {
    String script = installScript(connection);
    List<Finding> findings = new ArrayList<>();
    for (TableName table : missing) {
      findings.add(
          new Finding(
              key(table),
              """
              table %s does not exist, or role %s cannot see it. Set auto.create=true, or run (with \
              the type of your order IDs):
              %s"""
                  .formatted(table, settings.user(), script)));
    }
    return findings;
  }

  private String installScript(Connection connection) throws SQLException {
    return ViewedColumns.installScript(
        connection,
        tables,
        readOrderIdType(connection),
        new StockScale(tables).readOrElse(connection, scale));
  }

  private OrderIdType readOrderIdType(Connection connection) throws SQLException {
    try {
      return new Catalog(tables).readOrderIdType(connection).orElse(OrderIdType.BIGINT);
    } catch (IllegalStateException e) {
      return OrderIdType.BIGINT;
    }
  }

  private List<Finding> checkCreatePrivileges(Connection connection, List<TableName> missing)
      throws SQLException {
    List<Finding> findings = new ArrayList<>(checkOwner(connection, missing));
    for (TableName table : missing) {
      if (!canCreate(connection, table.schema())) {
        findings.add(
            new Finding(
                key(table),
                """
                role %1$s may not create %2$s. Run: CREATE SCHEMA IF NOT EXISTS %3$s; \
                GRANT USAGE, CREATE ON SCHEMA %3$s TO %4$s;"""
                    .formatted(
                        settings.user(), table, quoted(table.schema()), quoted(settings.user()))));
      }
    }
    return findings;
  }

  /** The install script comments on tables and replaces views, which only their owner can. */
  private List<Finding> checkOwner(Connection connection, List<TableName> missing)
      throws SQLException {
    List<Finding> findings = new ArrayList<>();
    for (TableName table : keys.keySet()) {
      if (!missing.contains(table) && !isOwner(connection, table)) {
        findings.add(
            new Finding(
                ConfigKeys.AUTO_CREATE,
                """
                role %s does not own %s, so that it cannot create the other tables. Run as the \
                owner:
                %s"""
                    .formatted(settings.user(), table, installScript(connection))));
      }
    }
    return findings;
  }

  private static boolean isOwner(Connection connection, TableName table) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = ?::regclass")) {
      statement.setString(1, table.quoted());
      try (ResultSet row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
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

  private List<Finding> checkOrderIdTypes(Connection connection) throws SQLException {
    try {
      new Catalog(tables).readOrderIdType(connection);
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
