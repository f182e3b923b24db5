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
import io.orderflow.source.log.slot.Publication;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Looks at the database before a connector starts: all that the capture needs is there, or a
 * finding says what is not, with the SQL that mends it.
 */
public final class Preflight {

  private final DatabaseSettings settings;
  private final LayoutLoader layouts;
  private final CaptureCheck capture;

  private Preflight(
      DatabaseSettings settings, ShopTables tables, Decimals decimals, CaptureCheck capture) {
    this.settings = settings;
    this.layouts = new LayoutLoader(tables, decimals);
    this.capture = capture;
  }

  /** What capture by queries needs. */
  public static Preflight ofQuery(
      DatabaseSettings settings, ShopTables tables, Decimals decimals, int shards) {
    return new Preflight(
        settings, tables, decimals, new QueryCheck(tables, shards, settings.user()));
  }

  /**
   * What capture from the log needs.
   *
   * @param autocreate whether a missing publication is made at the start
   * @param slot name of the replication slot, which may be there or not
   */
  public static Preflight ofLog(
      DatabaseSettings settings,
      Publication publication,
      Decimals decimals,
      AutoCreate autocreate,
      String slot) {
    return new Preflight(
        settings,
        publication.tables(),
        decimals,
        new LogCheck(settings, publication, autocreate == AutoCreate.YES, slot));
  }

  /** Whether what is missing is made at the start. */
  public enum AutoCreate {
    YES,
    NO
  }

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
      layout = layouts.load(connection);
    } catch (NotInstalled e) {
      return List.of(capture.notInstalled(e));
    } catch (UnusableTables e) {
      return List.of(new Finding(e.key(), e.getMessage()));
    }
    return capture.findings(connection, layout);
  }
}
