package io.orderflow.it.watchdog;

import static io.orderflow.it.watchdog.Side.LOG;
import static io.orderflow.it.watchdog.Side.QUERY;
import static io.orderflow.it.watchdog.Side.SINK;

import io.orderflow.common.fixture.PgBouncer;
import io.orderflow.it.fixture.Servers;
import io.orderflow.it.watchdog.Fault.Step;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Faults of one shop's database, for both captures. */
final class SourceFaults {
  private static final String TOO_MANY_CONNECTIONS = "53300";

  /** Its items have been emitted by the snapshot, and are read again. */
  private static final Step CHANGE_ORDER =
      Step.sql("UPDATE orders SET status = 'PAID', version = version + 1 WHERE id = 1");

  private SourceFaults() {}

  /** Faults of one database that show within seconds. */
  static List<Fault> all() {
    List<Fault> faults = new ArrayList<>();
    for (Side side : List.of(QUERY, LOG)) {
      faults.addAll(ofBoth(side));
    }
    faults.addAll(ofQuery());
    faults.addAll(ofLog());
    if (PgBouncer.isInstalled()) {
      faults.add(SinkFaults.refusingPooler(QUERY));
    }
    return faults;
  }

  private static List<Fault> ofBoth(Side side) {
    return List.of(
        Fault.of(side, "a column is dropped")
            .begins(Step.sql("ALTER TABLE orders DROP COLUMN total")),
        Fault.of(side, "the version column is gone")
            .begins(Step.sql("ALTER TABLE orders RENAME version TO revision"))
            .fails("version")
            .isRepairedBy(Step.sql("ALTER TABLE orders RENAME revision TO version")),
        Fault.of(side, "the role's statements time out at once")
            .begins(
                Step.sql("ALTER ROLE %role% SET statement_timeout = 1").then(Subject::endSessions)),
        Fault.of(side, "the password is another")
            .begins(Step.sql("ALTER ROLE %role% PASSWORD 'other'").then(Subject::endSessions))
            .fails("authentication failed")
            .isRepairedBy(Step.sql("ALTER ROLE %role% PASSWORD 'secret'")),
        Fault.of(side, "the role may have no connection")
            .begins(Step.sql("ALTER ROLE %role% CONNECTION LIMIT 0").then(Subject::endSessions))
            .waits("too many connections", "too many connections")
            .isRepairedBy(Step.sql("ALTER ROLE %role% CONNECTION LIMIT -1")),
        Fault.of(side, "the network is a black hole")
            .prepared(Subject::connectThroughProxy)
            .begins(subject -> subject.proxy().freeze())
            .waits("SQLSTATE 08", "timed out|timeout|did not answer")
            .isRepairedBy(subject -> subject.proxy().thaw()),
        Fault.of(side, "every connection is closed")
            .prepared(Subject::connectThroughProxy)
            .begins(subject -> subject.proxy().goAway())
            .waits("SQLSTATE 08", "connection|I/O")
            .isRepairedBy(subject -> subject.proxy().comeBack()));
  }

  private static List<Fault> ofQuery() {
    return List.of(
        Fault.of(QUERY, "a privilege is revoked")
            .begins(Step.sql("REVOKE SELECT ON order_items FROM %role%"))
            .fails("permission denied")
            .isRepairedBy(Step.sql("GRANT SELECT ON order_items TO %role%")),
        Fault.of(QUERY, "row-level security is enabled")
            .begins(Step.sql("ALTER TABLE orders ENABLE ROW LEVEL SECURITY"))
            .fails("row-level security")
            .isRepairedBy(Step.sql("ALTER TABLE orders DISABLE ROW LEVEL SECURITY")));
  }

  /** Faults that hold back query capture in all databases of the server, see stuck-horizon.md. */
  static List<Fault> ofTransactions() {
    return List.of(
        Fault.of(QUERY, "a table is locked")
            .begins(subject -> subject.hold("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE"))
            .waits("statement timeout", "lock"),
        Fault.of(QUERY, "a transaction stays open")
            .prepared(Step.sql("GRANT pg_read_all_stats TO %role%"))
            .begins(subject -> subject.hold("CREATE TABLE forgotten (n int)"))
            .waits("transaction", "transaction that has been open .* session"),
        Fault.of(QUERY, "a transaction stays open whose begin the role may not see")
            .begins(subject -> subject.hold("CREATE TABLE forgotten (n int)"))
            .waits("transaction", "transaction that has been open .* session"),
        Fault.of(QUERY, "a transaction stays prepared")
            .begins(
                subject -> {
                  subject.hold("CREATE TABLE forgotten (n int)", "PREPARE TRANSACTION 'forgotten'");
                  subject.release();
                })
            .waits("transaction", "prepared transaction 'forgotten'")
            .isRepairedBy(Step.sql("ROLLBACK PREPARED 'forgotten'")));
  }

  private static List<Fault> ofLog() {
    return List.of(
        Fault.of(LOG, "the publication is dropped")
            .inEveryBuild()
            .begins(Step.sql("DROP PUBLICATION orderflow"))
            .fails("publication")
            .isRepairedBy(
                Step.sql("CREATE PUBLICATION orderflow FOR TABLE orders, order_items")
                    .then(Subject::captureAgain)),
        Fault.of(LOG, "the slot is dropped")
            .inEveryBuild()
            .begins(Subject::dropSlot)
            .fails("slot")
            .isRepairedBy(Subject::captureAgain),
        Fault.of(LOG, "the role may no longer replicate")
            .begins(Step.sql("ALTER ROLE %role% NOREPLICATION").then(Subject::endSessions))
            .fails("REPLICATION|permission denied|must be superuser")
            .isRepairedBy(Step.sql("ALTER ROLE %role% REPLICATION")),
        Fault.of(LOG, "a privilege is revoked")
            .prepared(Subject::place)
            .begins(Step.sql("REVOKE SELECT ON order_items FROM %role%").then(CHANGE_ORDER))
            .fails("permission denied")
            .isRepairedBy(Step.sql("GRANT SELECT ON order_items TO %role%")),
        Fault.of(LOG, "the table of items is locked")
            .prepared(Subject::place)
            .begins(
                subject -> {
                  subject.hold("LOCK TABLE order_items IN ACCESS EXCLUSIVE MODE");
                  CHANGE_ORDER.on(subject);
                })
            .waits("statement timeout", "lock"));
  }

  /** Faults of all slots of the server. */
  static List<Fault> ofSenders() {
    return List.of(
        Fault.of(LOG, "all WAL senders are in use")
            .begins(
                subject -> {
                  for (int i = 1; i < Servers.MAX_WAL_SENDERS; i++) {
                    subject.holdSender();
                  }
                  takeLastSender(subject);
                })
            .waits("max_wal_senders", "max_wal_senders"));
  }

  /** Faults of the limit of slots, of which a running capture has one already. */
  static List<Fault> ofSlots() {
    Step taken =
        Step.sql(
            "SELECT pg_create_physical_replication_slot('taken_' || n) FROM generate_series(1,"
                + " current_setting('max_replication_slots')::int"
                + " - (SELECT count(*) FROM pg_replication_slots)::int) n");
    Step freed =
        Step.sql(
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
                + " WHERE slot_name LIKE 'taken_%'");
    return List.of(
        Fault.of(LOG, "all replication slots are in use")
            .begins(taken.then(Subject::endSessions))
            .isRepairedBy(freed),
        Fault.of(LOG, "no replication slot is left to capture again")
            .begins(((Step) Subject::dropSlot).then(taken).then(Subject::captureAgain))
            .waits("replication slots are in use", "replication slots are in use")
            .isRepairedBy(freed));
  }

  /** Faults of the whole server. */
  static List<Fault> ofServer() {
    return Stream.of(SINK, QUERY, LOG)
        .map(
            side ->
                Fault.of(side, "the server is frozen")
                    .begins(subject -> subject.stage().stack().controlledPostgres().pause())
                    .waits("SQLSTATE 08|timeout|timed out", "timed out|timeout|did not answer")
                    .isRepairedBy(subject -> subject.stage().stack().controlledPostgres().resume()))
        .toList();
  }

  private static void takeLastSender(Subject subject) throws SQLException {
    while (true) {
      subject.endSessions();
      try {
        subject.holdSender();
        return;
      } catch (SQLException failure) {
        // The connector was faster.
        if (!TOO_MANY_CONNECTIONS.equals(failure.getSQLState())) {
          throw failure;
        }
      }
    }
  }
}
