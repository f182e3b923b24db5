package io.orderflow.source.preflight;

import io.orderflow.common.config.ConnectFailure;
import io.orderflow.common.config.Finding;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.database.Identifiers;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.source.catalogue.LayoutLoader;
import io.orderflow.source.catalogue.ShopServer;
import io.orderflow.source.event.Decimals;
import io.orderflow.source.event.Layout;
import io.orderflow.source.event.NotInstalled;
import io.orderflow.source.event.ShopTables;
import io.orderflow.source.event.UnusableTables;
import io.orderflow.source.install.ShopSql;
import io.orderflow.source.query.FutureChanges;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks at the database before a connector starts: all that the capture needs is there, or a
 * finding says what is not, with the SQL that mends it.
 */
public record Preflight(
    DatabaseSettings settings, ShopTables tables, Decimals decimals, int shards) {

  /** Connects and looks; empty when nothing stands in the way. */
  public List<Finding> findings() {
    try (Connection connection = settings.connect("orderflow-preflight")) {
      return look(connection);
    } catch (SQLException e) {
      return List.of(unable(e));
    }
  }

  private Finding unable(SQLException failure) {
    // The one thing that is read here and that not everybody may read everywhere.
    return SqlFailures.sqlState(failure).filter("42501"::equals).isPresent()
        ? new Finding(
            DatabaseSettings.USER,
            "expected a role that may look around, found: %s. GRANT EXECUTE ON FUNCTION pg_control_system() TO %s;"
                .formatted(failure.getMessage(), Identifiers.quote(settings.user())))
        : ConnectFailure.finding(failure, settings.user());
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
}
