package io.orderflow.it.watchdog;

import static io.orderflow.it.watchdog.Side.LOG;
import static io.orderflow.it.watchdog.Side.QUERY;

import io.orderflow.common.fixture.PgBouncer;
import io.orderflow.it.watchdog.Fault.Step;
import java.util.ArrayList;
import java.util.List;

/** Faults of one shop's database, for both captures. */
final class SourceFaults {
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
            .isRepairedBy(subject -> subject.proxy().thaw()));
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
            .waits("transaction", "transaction"));
  }

  private static List<Fault> ofLog() {
    return List.of(
        Fault.of(LOG, "the publication is dropped")
            .inEveryBuild()
            .begins(Step.sql("DROP PUBLICATION orderflow"))
            .fails("publication")
            .isRepairedBy(
                Step.sql("CREATE PUBLICATION orderflow FOR TABLE orders, order_items")
                    .then(Subject::captureAgain)));
  }
}
