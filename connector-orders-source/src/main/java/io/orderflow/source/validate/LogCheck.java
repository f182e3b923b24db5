package io.orderflow.source.validate;

import static io.orderflow.common.database.Identifiers.quote;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.ConnectFailure;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.source.config.CaptureSettings;
import io.orderflow.source.config.LogSettings;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.log.slot.Publication;
import io.orderflow.source.log.slot.ReplicationConnection;
import io.orderflow.source.log.slot.ReplicationSlot;
import io.orderflow.source.log.slot.SlotCheck;
import io.orderflow.source.log.slot.WalStatus;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.NotInstalledException;
import io.orderflow.source.schema.OrderSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Log capture: the server's settings, privileges, the publication, and replica identities. */
record LogCheck(CapturedTables tables, LogSettings log, DatabaseSettings database)
    implements CaptureCheck {

  /** The suggested maximum leaves room for this many more slots or senders. */
  private static final int SUGGESTED_ROOM = 10;

  static LogCheck of(OrdersSourceConfig config) {
    return new LogCheck(config.tables(), config.log(), config.queryDatabase());
  }

  @Override
  public List<Finding> findings(Connection connection, OrderSchema schema) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    List<Finding> privileges = new PrivilegeCheck(tables, database.user()).findings(connection);
    findings.addAll(privileges);
    ReplicaIdentityCheck identities =
        new ReplicaIdentityCheck(tables, schema.ids().names(), log.publication());
    List<Finding> notLogged = new LoggedTablesCheck(tables).findings(connection);
    LookUpIndexCheck lookUps = new LookUpIndexCheck(tables, schema);
    findings.addAll(lookUps.findingsOfOrders(connection));
    // The index of the replica identity serves the look-ups of items as well.
    if (!notLogged.isEmpty() || !identities.createsIndexesOfItems(connection)) {
      findings.addAll(lookUps.findingsOfItems(connection));
    }
    findings.addAll(lookUps.findingsOfPaths(connection));
    if (!notLogged.isEmpty()) {
      findings.addAll(notLogged);
      return findings;
    }
    // Before the publication, which makes PostgreSQL refuse changes of tables without an identity.
    findings.addAll(identities.findings(connection));
    PublicationCheck publication =
        new PublicationCheck(new Publication(log.publication(), tables), database.user());
    findings.addAll(
        log.autocreate()
            ? publication.findingsIfNotCreated(connection)
            : publication.findings(connection));
    if (privileges.isEmpty()) {
      findings.addAll(new ReadingCheck(tables, schema).findings(connection));
    }
    findings.addAll(checkServer(connection));
    return findings;
  }

  private List<Finding> checkServer(Connection connection) throws SQLException {
    WalStatus server = WalStatus.readWalStatus(connection);
    if (!server.walLevel().equals("logical")) {
      return List.of(
          new Finding(
              CaptureSettings.CAPTURE,
              "the server has wal_level=%s, but log capture requires logical. After this statement, restart PostgreSQL; services have a setting of their own (rds.logical_replication, cloudsql.logical_decoding):\nALTER SYSTEM SET wal_level = 'logical';"
                  .formatted(server.walLevel())));
    }
    Optional<ReplicationSlot> found = ReplicationSlot.find(connection, log.slot());
    List<Finding> findings = new ArrayList<>();
    SlotCheck slotCheck = new SlotCheck(tables.orders(), log.slot());
    found
        .flatMap(slot -> slotCheck.foreign(server, slot))
        .ifPresent(problem -> findings.add(new Finding(LogSettings.SLOT, problem)));
    if (found.isEmpty() && server.slots() >= server.maxSlots()) {
      findings.add(exhausted("replication slots", "max_replication_slots", server.maxSlots()));
    }
    boolean running = found.isPresent() && found.get().activePid() != null;
    if (!running && server.senders() >= server.maxSenders()) {
      findings.add(exhausted("WAL senders", "max_wal_senders", server.maxSenders()));
    } else {
      tryToReplicate().ifPresent(findings::add);
    }
    return findings;
  }

  private static Finding exhausted(String resource, String setting, int max) {
    return new Finding(
        LogSettings.SLOT,
        "all %d %s are in use; drop unused ones (pg_replication_slots, pg_stat_replication), or raise the limit and restart PostgreSQL:\nALTER SYSTEM SET %s = %d;"
            .formatted(max, resource, setting, max + SUGGESTED_ROOM));
  }

  /** Connects, since services like Amazon RDS have rules of their own for the privilege. */
  private Optional<Finding> tryToReplicate() {
    try {
      ReplicationConnection.open(database, "orderflow-preflight").close();
      return Optional.empty();
    } catch (SQLException e) {
      if (SqlFailures.isPrivilege(e)) {
        String role = quote(database.user());
        return Optional.of(
            new Finding(
                DatabaseSettings.USER,
                "the role may not replicate, %s. On Amazon RDS, grant it rds_replication instead:\nALTER ROLE %s REPLICATION;"
                    .formatted(e.getMessage(), role)));
      }
      return Optional.of(ConnectFailure.finding(e, database.user()));
    }
  }

  @Override
  public Finding notInstalled(Connection connection, NotInstalledException found) {
    return new Finding(found.key(), found.getMessage());
  }
}
