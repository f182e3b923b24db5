package io.orderflow.source.validate;

import io.orderflow.source.catalog.ServerInfo;
import io.orderflow.source.offset.ShardOffset;
import io.orderflow.source.schema.CapturedTables;
import java.util.Optional;

/** What is said of a server that cannot be captured from, before the start and at the start. */
public final class ServerMessages {

  private ServerMessages() {}

  public static String tooOld(ServerInfo server) {
    return "expected PostgreSQL 14 or later, found server_version_num " + server.version();
  }

  public static String standby() {
    return "expected a primary, found a standby, which knows neither the running transactions nor"
        + " the horizon; connect to the primary. Where several hosts stand in the URL, add"
        + " ?targetServerType=primary";
  }

  /** Why a position does not speak of this server; empty when it does. */
  public static Optional<String> misfit(
      CapturedTables tables, ShardOffset position, ServerInfo server) {
    if (!position.system().equals(server.system())) {
      return Optional.of(otherSystem(tables, position.system(), server));
    }
    // A capture that began from now on an idle server stands at the very next one.
    boolean begun = position.xid() == position.loadUntil() && position.xid() == server.next();
    return position.xid() < server.next() || begun
        ? Optional.empty()
        : Optional.of(ahead(tables, position, server));
  }

  private static String ahead(CapturedTables tables, ShardOffset position, ServerInfo server) {
    return ("expected stored offsets of %s before transaction %d, the next that this server gives out, found %d:"
            + " the server has lost transactions, as after a failover to a standby that was behind, or a restore to an"
            + " earlier time. Changes with IDs that are given out again would be passed over. Stop the connector, and"
            + " alter \"xid\" in its offsets to a transaction before the loss, or reset them (DELETE"
            + " /connectors/NAME/offsets): all orders are captured anew")
        .formatted(tables.orders(), server.next(), position.xid());
  }

  /** The stored positions are another cluster's. */
  private static String otherSystem(CapturedTables tables, String expected, ServerInfo found) {
    return ("expected the database cluster %s, whose transaction IDs the stored offsets of %s hold, found"
            + " cluster %s. If it was upgraded in place with pg_upgrade, its transaction IDs live on:"
            + " stop the connector and alter \"system\" in its offsets to \"%s\". If it was restored"
            + " into a new cluster, stop the connector and reset its offsets (DELETE"
            + " /connectors/NAME/offsets): all orders are captured anew")
        .formatted(expected, tables.orders(), found.system(), found.system());
  }
}
