package io.orderflow.source.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.ConnectFailure;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.database.Identifiers;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.source.catalog.SchemaReader;
import io.orderflow.source.catalog.ServerInfo;
import io.orderflow.source.log.slot.Publication;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.DecimalHandling;
import io.orderflow.source.schema.NotInstalledException;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.UnusableTablesException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Looks at the database before a connector starts: all that the capture needs is there, or a
 * finding says what is not, with the SQL that mends it.
 */
public final class Preflight {

  private final DatabaseSettings settings;
  private final SchemaReader layouts;
  private final CaptureCheck capture;

  private Preflight(
      DatabaseSettings settings,
      CapturedTables tables,
      DecimalHandling decimals,
      CaptureCheck capture) {
    this.settings = settings;
    this.layouts = new SchemaReader(tables, decimals);
    this.capture = capture;
  }

  /** What capture by queries needs. */
  public static Preflight ofQuery(
      DatabaseSettings settings, CapturedTables tables, DecimalHandling decimals, int shards) {
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
      DecimalHandling decimals,
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
    ServerInfo server = ServerInfo.of(connection);
    if (server.version() < ServerInfo.LEAST_VERSION) {
      return List.of(new Finding(DatabaseSettings.URL, ServerMessages.tooOld(server)));
    }
    if (server.standby()) {
      return List.of(new Finding(DatabaseSettings.URL, ServerMessages.standby()));
    }
    OrderSchema layout;
    try {
      layout = layouts.load(connection);
    } catch (NotInstalledException e) {
      return List.of(capture.notInstalled(e));
    } catch (UnusableTablesException e) {
      return List.of(new Finding(e.key(), e.getMessage()));
    }
    return capture.findings(connection, layout);
  }
}
