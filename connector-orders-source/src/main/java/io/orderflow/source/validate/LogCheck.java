package io.orderflow.source.validate;

import static io.orderflow.common.database.Identifiers.quote;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.ConnectFailure;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.source.log.slot.Publication;
import io.orderflow.source.log.slot.ReplicationConnection;
import io.orderflow.source.log.slot.ReplicationSlot;
import io.orderflow.source.log.slot.SlotCheck;
import io.orderflow.source.log.slot.WalStatus;
import io.orderflow.source.schema.NotInstalledException;
import io.orderflow.source.schema.OrderSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Capture from the log: the server's settings, privileges, the publication, replica identities. */
record LogCheck(DatabaseSettings settings, Publication publication, boolean autocreate, String slot)
    implements CaptureCheck {

  @Override
  public List<Finding> findings(Connection connection, OrderSchema layout) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    findings.addAll(new PrivilegeCheck(publication.tables(), settings.user()).findings(connection));
    findings.addAll(new IndexCheck(publication.tables(), layout, 1).lookUps(connection));
    findings.addAll(
        new PublicationCheck(publication, autocreate, settings.user()).findings(connection));
    findings.addAll(
        new ReplicaIdentityCheck(publication.tables(), layout.ordersId()).findings(connection));
    new ConditionCheck(publication.tables()).finding(connection).ifPresent(findings::add);
    findings.addAll(server(connection));
    return findings;
  }

  private List<Finding> server(Connection connection) throws SQLException {
    WalStatus server = WalStatus.of(connection);
    if (!server.walLevel().equals("logical")) {
      return List.of(
          new Finding(
              "capture",
              "expected wal_level=logical, found %s: ALTER SYSTEM SET wal_level = 'logical'; then restart PostgreSQL (or set rds.logical_replication, cloudsql.logical_decoding where the service has it)"
                  .formatted(server.walLevel())));
    }
    Optional<ReplicationSlot> found = ReplicationSlot.find(connection, slot);
    List<Finding> findings = new ArrayList<>();
    found
        .flatMap(
            slotFound ->
                new SlotCheck(publication.tables().orders(), slot).foreign(server, slotFound))
        .ifPresent(message -> findings.add(new Finding("slot.name", message)));
    if (found.isEmpty() && server.slots() >= server.mostSlots()) {
      findings.add(most("slot.name", "max_replication_slots", server.mostSlots()));
    }
    boolean running = found.isPresent() && found.get().activePid() != null;
    if (!running && server.senders() >= server.mostSenders()) {
      findings.add(most("slot.name", "max_wal_senders", server.mostSenders()));
    } else {
      mayReplicate().ifPresent(findings::add);
    }
    return findings;
  }

  private static Finding most(String key, String setting, int most) {
    return new Finding(
        key,
        "expected one more than all %d that %s allows to be left, found none: drop what is not used (pg_replication_slots, pg_stat_replication), or ALTER SYSTEM SET %s = %d; then restart PostgreSQL"
            .formatted(most, setting, setting, most + 10));
  }

  /** Tried, since services like RDS have rules of their own for it. */
  private Optional<Finding> mayReplicate() {
    try {
      ReplicationConnection.open(settings, "orderflow-preflight").close();
      return Optional.empty();
    } catch (SQLException e) {
      if (SqlFailures.sqlState(e).filter("42501"::equals).isPresent()) {
        String role = quote(settings.user());
        return Optional.of(
            new Finding(
                DatabaseSettings.USER,
                "expected a role that may replicate, found: %s. ALTER ROLE %s REPLICATION; (on Amazon RDS: GRANT rds_replication TO %s;)"
                    .formatted(e.getMessage(), role, role)));
      }
      return Optional.of(ConnectFailure.finding(e, settings.user()));
    }
  }

  @Override
  public Finding notInstalled(NotInstalledException found) {
    return new Finding(found.key(), found.getMessage());
  }
}
