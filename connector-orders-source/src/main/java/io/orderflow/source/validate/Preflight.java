package io.orderflow.source.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.ConnectFailure;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.database.Identifiers;
import io.orderflow.common.database.LockWaits;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.source.catalog.SchemaReader;
import io.orderflow.source.catalog.ServerInfo;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.schema.NotInstalledException;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.UnusableTablesException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Checks the database before a connector starts: everything that capture needs exists, or a finding
 * says what is missing, with the SQL that fixes it.
 */
public final class Preflight {

  private final DatabaseSettings settings;
  private final SchemaReader schemas;
  private final ConverterCheck converter;
  private final CaptureCheck capture;
  private final PrivilegeCheck privileges;

  private Preflight(OrdersSourceConfig config, CaptureCheck capture) {
    this.settings = config.queryDatabase();
    this.schemas = new SchemaReader(config.tables(), config.decimals());
    this.converter = ConverterCheck.of(config);
    this.capture = capture;
    this.privileges = new PrivilegeCheck(config.tables(), settings.user());
  }

  /** The checks that the configured capture needs. */
  public static Preflight of(OrdersSourceConfig config) {
    return new Preflight(
        config, config.capture().fromLog() ? LogCheck.of(config) : QueryCheck.of(config));
  }

  /** Connects and checks; empty if nothing prevents the start. */
  public List<Finding> findings() {
    try {
      return settings.transaction("orderflow-preflight", this::check);
    } catch (SQLException e) {
      return List.of(failed(e));
    }
  }

  /** Reading pg_control_system() is the only check that a role may lack the privilege for. */
  private Finding failed(SQLException failure) {
    return SqlFailures.isPrivilege(failure)
        ? new Finding(
            DatabaseSettings.USER,
            "the role may not execute pg_control_system(), %s:\nGRANT EXECUTE ON FUNCTION pg_control_system() TO %s;"
                .formatted(failure.getMessage(), Identifiers.quote(settings.user())))
        : ConnectFailure.finding(failure, settings.user());
  }

  private List<Finding> check(Connection connection) throws SQLException {
    Optional<String> problem = ServerInfo.readServerInfo(connection).problem();
    if (problem.isPresent()) {
      return List.of(new Finding(DatabaseSettings.URL, problem.get()));
    }
    List<Finding> schemasOfTables = privileges.findingsOfSchemas(connection);
    if (!schemasOfTables.isEmpty()) {
      // No other check could name the tables.
      return schemasOfTables;
    }
    List<Finding> locks = LockWaits.findings(connection, settings);
    if (!locks.isEmpty()) {
      // The checks of tables might wait for the same lock.
      return locks;
    }
    OrderSchema schema;
    try {
      schema = schemas.load(connection);
    } catch (NotInstalledException e) {
      return List.of(capture.notInstalled(connection, e));
    } catch (UnusableTablesException e) {
      return List.of(new Finding(e.key(), e.getMessage()));
    }
    List<Finding> findings = new ArrayList<>(converter.findings(schema));
    findings.addAll(capture.findings(connection, schema));
    return findings;
  }
}
