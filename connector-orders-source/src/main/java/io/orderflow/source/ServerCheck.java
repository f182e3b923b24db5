package io.orderflow.source;

import io.orderflow.source.event.Layout;
import io.orderflow.source.event.Position;
import io.orderflow.source.preflight.ServerMessages;
import io.orderflow.source.query.FutureChanges;
import io.orderflow.source.query.ShopServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.Collection;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/** Checks, on each new acquaintance, that the server is the one that the positions speak of. */
final class ServerCheck {

  private final OrdersSourceConfig config;

  /** The cluster of all positions; null before there are any. */
  private @Nullable String system;

  /** Whether a server has been fit before; then a standby is one that is about to take over. */
  private boolean reachedBefore;

  ServerCheck(OrdersSourceConfig config, Collection<Position> stored) {
    this.config = config;
    this.system = stored.stream().map(Position::system).findAny().orElse(null);
  }

  /**
   * Looks at the server.
   *
   * @throws ConnectException when it can never do
   * @throws SQLTransientException when it is a standby for now
   */
  ShopServer reached(Connection connection) throws SQLException {
    ShopServer server = ShopServer.of(connection);
    if (server.version() < ShopServer.LEAST_VERSION) {
      throw new ConnectException("database.url: " + ServerMessages.tooOld(server));
    }
    if (server.standby()) {
      if (reachedBefore) {
        throw new SQLTransientException("the server is a standby for now");
      }
      throw new ConnectException("database.url: " + ServerMessages.standby());
    }
    if (system != null && !system.equals(server.system())) {
      throw new ConnectException(
          "database.url: " + ServerMessages.otherSystem(config.tables(), system, server));
    }
    system = server.system();
    reachedBefore = true;
    return server;
  }

  /** Checks that all transaction IDs are this cluster's. */
  void changes(Connection connection, Layout layout) throws SQLException {
    Optional<String> found =
        FutureChanges.find(connection, config.tables(), layout, config.shards());
    if (found.isPresent()) {
      throw new ConnectException("change.xid.column: " + found.get());
    }
  }
}
