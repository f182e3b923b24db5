package io.orderflow.source;

import io.orderflow.source.catalogue.ShopServer;
import io.orderflow.source.event.Layout;
import io.orderflow.source.event.ShardPosition;
import io.orderflow.source.preflight.ServerMessages;
import io.orderflow.source.query.FutureChanges;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.Collection;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;

/** Checks, on each new acquaintance, that the server is the one that the positions speak of. */
record ServerCheck(OrdersSourceConfig config) {

  /**
   * Looks at the server.
   *
   * @param positions all that are known; none when nothing has ever been captured
   * @throws ConnectException when it can never do
   * @throws SQLTransientException when it is a standby for now: where there are positions, a
   *     primary has been captured before, and this may be the one that is about to take over
   */
  ShopServer reached(Connection connection, Collection<ShardPosition> positions)
      throws SQLException {
    ShopServer server = ShopServer.of(connection);
    if (server.version() < ShopServer.LEAST_VERSION) {
      throw new ConnectException("database.url: " + ServerMessages.tooOld(server));
    }
    if (server.standby()) {
      if (!positions.isEmpty()) {
        throw new SQLTransientException("the server is a standby for now");
      }
      throw new ConnectException("database.url: " + ServerMessages.standby());
    }
    for (ShardPosition position : positions) {
      Optional<String> misfit = ServerMessages.misfit(config.tables(), position, server);
      if (misfit.isPresent()) {
        throw new ConnectException("database.url: " + misfit.get());
      }
    }
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
