package io.orderflow.source.query;

import io.orderflow.source.catalog.ServerInfo;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.offset.ShardOffset;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.validate.ServerMessages;
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
  ServerInfo reached(Connection connection, Collection<ShardOffset> positions) throws SQLException {
    ServerInfo server = ServerInfo.of(connection);
    if (server.version() < ServerInfo.LEAST_VERSION) {
      throw new ConnectException("database.url: " + ServerMessages.tooOld(server));
    }
    if (server.standby()) {
      if (!positions.isEmpty()) {
        throw new SQLTransientException("the server is a standby for now");
      }
      throw new ConnectException("database.url: " + ServerMessages.standby());
    }
    for (ShardOffset position : positions) {
      Optional<String> misfit = ServerMessages.misfit(config.tables(), position, server);
      if (misfit.isPresent()) {
        throw new ConnectException("database.url: " + misfit.get());
      }
    }
    return server;
  }

  /** Checks that all transaction IDs are this cluster's. */
  void changes(Connection connection, OrderSchema layout) throws SQLException {
    Optional<String> found =
        FutureChanges.find(connection, config.tables(), layout, config.shards());
    if (found.isPresent()) {
      throw new ConnectException("change.xid.column: " + found.get());
    }
  }
}
