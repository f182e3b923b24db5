package io.orderflow.source.preflight;

import io.orderflow.source.event.ShopTables;
import io.orderflow.source.query.ShopServer;

/** What is said of a server that cannot be captured from, before the start and at the start. */
public final class ServerMessages {

  private ServerMessages() {}

  public static String tooOld(ShopServer server) {
    return "expected PostgreSQL 14 or later, found server_version_num " + server.version();
  }

  public static String standby() {
    return "expected a primary, found a standby, which knows neither the running transactions nor"
        + " the horizon; connect to the primary. Where several hosts stand in the URL, add"
        + " ?targetServerType=primary";
  }

  /** The stored positions are another cluster's. */
  public static String otherSystem(ShopTables tables, String expected, ShopServer found) {
    return ("expected the database cluster %s, whose transaction IDs the stored offsets of %s hold, found"
            + " cluster %s. If it was upgraded in place with pg_upgrade, its transaction IDs live on:"
            + " stop the connector and alter \"system\" in its offsets to \"%s\". If it was restored"
            + " into a new cluster, stop the connector and reset its offsets (DELETE"
            + " /connectors/NAME/offsets): all orders are captured anew")
        .formatted(expected, tables.orders(), found.system(), found.system());
  }
}
