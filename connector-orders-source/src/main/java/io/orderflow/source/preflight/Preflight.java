package io.orderflow.source.preflight;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.Database;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.source.event.Decimals;
import io.orderflow.source.event.Layout;
import io.orderflow.source.event.NotInstalled;
import io.orderflow.source.event.ShopTables;
import io.orderflow.source.event.UnusableTables;
import io.orderflow.source.install.ShopSql;
import io.orderflow.source.query.FutureChanges;
import io.orderflow.source.query.LayoutLoader;
import io.orderflow.source.query.ShopServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks at the database before a connector starts: all that the capture needs is there, or a
 * finding says what is not, with the SQL that mends it.
 */
public record Preflight(
    DatabaseSettings settings, ShopTables tables, Decimals decimals, int shards) {

  /** Somebody waits for the answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  /** Connects and looks; empty when nothing stands in the way. */
  public List<Finding> findings() {
    Database database;
    try {
      database = Database.open(patient(), Database.Mode.READ_COMMITTED, "orderflow-preflight", 1);
    } catch (RuntimeException e) {
      // Its message would repeat the URL, which may hold a password.
      return List.of(
          new Finding(DatabaseSettings.URL, "expected a URL that the driver understands"));
    }
    try (database) {
      return database.transaction(this::look);
    } catch (SQLException e) {
      return List.of(ConnectFailure.finding(e, settings.user()));
    }
  }

  private List<Finding> look(Connection connection) throws SQLException {
    ShopServer server = ShopServer.of(connection);
    if (server.version() < ShopServer.LEAST_VERSION) {
      return List.of(new Finding(DatabaseSettings.URL, ServerMessages.tooOld(server)));
    }
    if (server.standby()) {
      return List.of(new Finding(DatabaseSettings.URL, ServerMessages.standby()));
    }
    Layout layout;
    try {
      layout = new LayoutLoader(tables, decimals).load(connection);
    } catch (NotInstalled e) {
      String sql = new ShopSql(tables, e.ordersId(), e.idType(), shards).install();
      return List.of(new Finding(e.key(), e.getMessage() + ":\n" + sql));
    } catch (UnusableTables e) {
      return List.of(new Finding(e.key(), e.getMessage()));
    }
    return look(connection, layout);
  }

  private List<Finding> look(Connection connection, Layout layout) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    findings.addAll(new PrivilegeCheck(tables, settings.user()).findings(connection));
    findings.addAll(new TriggerCheck(tables, layout, shards).findings(connection));
    findings.addAll(new IndexCheck(tables, layout, shards).findings(connection));
    if (findings.isEmpty()) {
      // Only now: it reads the orders, along the index.
      FutureChanges.find(connection, tables, layout, shards)
          .ifPresent(message -> findings.add(new Finding("change.xid.column", message)));
    }
    return findings;
  }

  private DatabaseSettings patient() {
    return new DatabaseSettings(
        settings.url(),
        settings.user(),
        settings.password(),
        shorter(settings.connectionTimeout()),
        settings.statementTimeout(),
        settings.driver());
  }

  private static Duration shorter(Duration configured) {
    return configured.compareTo(PATIENCE) < 0 ? configured : PATIENCE;
  }
}
