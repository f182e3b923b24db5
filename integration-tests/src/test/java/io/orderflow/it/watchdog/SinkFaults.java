package io.orderflow.it.watchdog;

import static io.orderflow.it.watchdog.Side.SINK;

import io.orderflow.common.fixture.PgBouncer;
import io.orderflow.it.fixture.Messages;
import io.orderflow.it.fixture.Shop.Item;
import io.orderflow.it.watchdog.Fault.Step;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;

/** Faults of one warehouse: its tables, its role, its connections, its dead-letter queue. */
final class SinkFaults {

  /** The one order that a fault may send to the dead-letter queue. */
  static final long BAD_ORDER = 666;

  /** Among good orders, in one batch. */
  private static final Step BAD =
      subject ->
          ((SinkSubject) subject)
              .placeAmongGood(Messages.order(BAD_ORDER, 1, "PENDING", new Item("A", 1)));

  private SinkFaults() {}

  /** Faults of one database that show within seconds. */
  static List<Fault> all() {
    List<Fault> faults = new ArrayList<>();
    faults.addAll(ofQueue());
    faults.addAll(ofPermissions());
    faults.addAll(ofRows());
    faults.addAll(ofTables());
    faults.addAll(ofRole());
    faults.addAll(ofConnections());
    return faults;
  }

  /** The brokers of containers ask nobody for permission. */
  private static List<Fault> ofPermissions() {
    return Boolean.getBoolean("orderflow.containers")
        ? List.of()
        : List.of(forbidden(AclOperation.WRITE).inEveryBuild(), forbidden(AclOperation.DESCRIBE));
  }

  /** Without the right to describe a topic, its producer does not even send a record. */
  private static Fault forbidden(AclOperation operation) {
    return Fault.of(SINK, "nobody may " + operation + " the dead-letter queue")
        .fails("(?s)dead-letter queue.*(right to write|TopicAuthorizationException)")
        .begins(
            subject -> {
              ((SinkSubject) subject).forbidQueue(operation);
              ((SinkSubject) subject)
                  .placeAmongGood(
                      Messages.with(Messages.order(BAD_ORDER, 1, "PENDING"), "version", "x"));
            })
        .isRepairedBy(subject -> ((SinkSubject) subject).allowQueue());
  }

  private static List<Fault> ofQueue() {
    return List.of(
        Fault.of(SINK, "the dead-letter queue takes no record of this size")
            .inEveryBuild()
            .fails("(?s)dead-letter queue.*max.request.size")
            .with("producer.override.max.request.size", "300")
            .begins(
                subject ->
                    ((SinkSubject) subject)
                        .placeAmongGood(
                            Messages.with(Messages.order(BAD_ORDER, 1, "PENDING"), "version", "x")))
            .isRepairedBy(
                subject -> subject.configure("producer.override.max.request.size", "1000000")),
        Fault.of(SINK, "the dead-letter queue is deleted")
            .waits("(?s)Writing to the dead-letter queue.*failed", "")
            .with("producer.override.max.block.ms", "1000")
            .begins(
                subject -> {
                  ((SinkSubject) subject).deleteQueue();
                  ((SinkSubject) subject)
                      .placeAmongGood(
                          Messages.with(Messages.order(BAD_ORDER, 1, "PENDING"), "version", "x"));
                })
            .isRepairedBy(subject -> ((SinkSubject) subject).createQueue()));
  }

  private static List<Fault> ofRows() {
    return List.of(
        Fault.of(SINK, "a row of stock is deleted")
            .inEveryBuild()
            .begins(Step.sql("DELETE FROM stock WHERE sku = 'B'")),
        Fault.of(SINK, "a trigger suppresses a row of an order")
            .inEveryBuild()
            .begins(trigger("order_inventory", "RETURN NULL").then(BAD)),
        Fault.of(SINK, "reserved is null")
            .prepared(Step.sql("ALTER TABLE stock ALTER reserved DROP NOT NULL"))
            .begins(
                Step.sql("INSERT INTO stock VALUES ('C', '', 9, NULL)")
                    .then(
                        subject ->
                            ((SinkSubject) subject)
                                .placeAmongGood(
                                    Messages.order(BAD_ORDER, 1, "PENDING", new Item("C", 1))))),
        raised("P0002").inEveryBuild(),
        raised("P0004"),
        raised("OF001"),
        raised("42P01"),
        raised("40001"),
        raised("55P03").inEveryBuild(),
        raised("57014"),
        raised("53100"),
        Fault.of(SINK, "a trigger does not end for an order")
            .begins(trigger("order_inventory", "PERFORM pg_sleep(60)").then(BAD))
            .fails("record .* alone, with SQLSTATE 57014")
            .isRepairedBy(Step.sql("DROP TRIGGER fault ON order_inventory")),
        Fault.of(SINK, "a trigger does not end for all orders")
            .begins(
                trigger("order_inventory", "NULL; END IF; IF true THEN PERFORM pg_sleep(60)")
                    .then(BAD))
            .waits("statement timeout", "has written for")
            .isRepairedBy(Step.sql("DROP TRIGGER fault ON order_inventory")));
  }

  /** A trigger raises the code for one order. */
  private static Fault raised(String state) {
    return Fault.of(SINK, "a trigger raises " + state + " for an order")
        .begins(
            trigger("order_inventory", "RAISE EXCEPTION 'no' USING ERRCODE = '%s'".formatted(state))
                .then(BAD))
        .isRepairedBy(Step.sql("DROP TRIGGER fault ON order_inventory"));
  }

  private static Step trigger(String table, String action) {
    return Step.sql(
        """
        CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF NEW.order_id = %d THEN %s; END IF;
          RETURN NEW;
        END $$"""
            .formatted(BAD_ORDER, action),
        "CREATE TRIGGER fault BEFORE INSERT OR UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION fault()"
            .formatted(table));
  }

  private static List<Fault> ofTables() {
    return List.of(
        Fault.of(SINK, "row-level security is enabled")
            .begins(Step.sql("ALTER TABLE payments ENABLE ROW LEVEL SECURITY"))
            .fails("row-level security policy")
            .isRepairedBy(Step.sql("ALTER TABLE payments DISABLE ROW LEVEL SECURITY")),
        Fault.of(SINK, "a rule rewrites inserts")
            .begins(Step.sql("CREATE RULE fault AS ON INSERT TO payments DO INSTEAD NOTHING"))
            .isRepairedBy(Step.sql("DROP RULE fault ON payments")),
        Fault.of(SINK, "a view takes the place of a table")
            .inEveryBuild()
            .begins(
                Step.sql(
                    "ALTER TABLE payments RENAME TO payments_table",
                    "CREATE VIEW payments AS SELECT * FROM payments_table",
                    "GRANT SELECT, INSERT, UPDATE ON payments TO %role%"))
            .fails("payments")
            .isRepairedBy(
                Step.sql("DROP VIEW payments", "ALTER TABLE payments_table RENAME TO payments")),
        Fault.of(SINK, "the type of order_id changes")
            .inEveryBuild()
            .prepared(orderIds("integer"))
            .begins(orderIds("bigint").then(subject -> subject.place(3_000_000_000L))),
        Fault.of(SINK, "a column is missing")
            .begins(Step.sql("ALTER TABLE payments RENAME due TO amount_due"))
            .fails("due")
            .isRepairedBy(Step.sql("ALTER TABLE payments RENAME amount_due TO due")),
        Fault.of(SINK, "the schema has another name")
            .begins(Step.sql("ALTER SCHEMA public RENAME TO moved"))
            .fails("does not exist")
            .isRepairedBy(Step.sql("ALTER SCHEMA moved RENAME TO public")),
        Fault.of(SINK, "a row of stock is locked")
            .inEveryBuild()
            .begins(subject -> subject.hold("SELECT FROM stock WHERE sku = 'A' FOR UPDATE"))
            .waits("statement timeout", "lock"),
        Fault.of(SINK, "a table is locked")
            .begins(subject -> subject.hold("LOCK TABLE payments IN ACCESS EXCLUSIVE MODE"))
            .waits("statement timeout", "lock"));
  }

  private static Step orderIds(String type) {
    return Step.sql(
            "BEGIN",
            "DROP VIEW stock_drift, order_inventory_lines, order_inventory_units, order_inventory_expiring",
            "ALTER TABLE order_inventory ALTER COLUMN order_id TYPE " + type,
            "ALTER TABLE payments ALTER COLUMN order_id TYPE " + type,
            "COMMIT")
        .then(subject -> subject.database().runExample("warehouse-install.sql"));
  }

  private static List<Fault> ofRole() {
    return List.of(
        Fault.of(SINK, "a privilege is revoked")
            .inEveryBuild()
            .begins(Step.sql("REVOKE UPDATE ON stock FROM %role%"))
            .fails("permission denied")
            .isRepairedBy(Step.sql("GRANT UPDATE ON stock TO %role%")),
        Fault.of(SINK, "the role is gone")
            .begins(Step.sql("DROP OWNED BY %role%", "DROP ROLE %role%").then(Subject::endSessions))
            .fails("authentication failed|does not exist|permission denied|invalid role")
            .isRepairedBy(
                Step.sql(
                    "CREATE ROLE %role% LOGIN PASSWORD 'secret'",
                    "GRANT SELECT, INSERT, UPDATE ON stock, order_inventory, payments TO %role%")),
        Fault.of(SINK, "the password is another")
            .inEveryBuild()
            .begins(Step.sql("ALTER ROLE %role% PASSWORD 'other'").then(Subject::endSessions))
            .fails("authentication failed")
            .isRepairedBy(Step.sql("ALTER ROLE %role% PASSWORD 'secret'")),
        Fault.of(SINK, "the role may have no connection")
            .inEveryBuild()
            .begins(Step.sql("ALTER ROLE %role% CONNECTION LIMIT 0").then(Subject::endSessions))
            .waits("too many connections", "too many connections|allows 0")
            .isRepairedBy(Step.sql("ALTER ROLE %role% CONNECTION LIMIT -1")),
        Fault.of(SINK, "the role may have one connection for three tasks")
            .inEveryBuild()
            .with("tasks.max", "3")
            .begins(Step.sql("ALTER ROLE %role% CONNECTION LIMIT 1").then(Subject::endSessions))
            .isRepairedBy(Step.sql("ALTER ROLE %role% CONNECTION LIMIT -1")),
        Fault.of(SINK, "the role's statements time out at once")
            .begins(
                Step.sql("ALTER ROLE %role% SET statement_timeout = 1").then(Subject::endSessions)),
        Fault.of(SINK, "the role's transactions are read-only")
            .begins(
                Step.sql("ALTER ROLE %role% SET default_transaction_read_only = on")
                    .then(Subject::endSessions))
            .waits("read-only", "read-only")
            .isRepairedBy(Step.sql("ALTER ROLE %role% RESET default_transaction_read_only")),
        Fault.of(SINK, "the database has another name")
            .begins(subject -> subject.rename(subject.database().name() + "_moved"))
            .fails("does not exist|not currently accepting")
            .isRepairedBy(
                subject -> subject.rename(subject.database().name().replace("_moved", ""))));
  }

  private static List<Fault> ofConnections() {
    List<Fault> faults =
        new ArrayList<>(
            List.of(
                Fault.of(SINK, "the network is a black hole")
                    .prepared(Subject::connectThroughProxy)
                    .begins(subject -> subject.proxy().freeze())
                    .waits("SQLSTATE 08", "timed out|timeout|did not answer")
                    .isRepairedBy(subject -> subject.proxy().thaw()),
                Fault.of(SINK, "every connection is closed")
                    .inEveryBuild()
                    .prepared(Subject::connectThroughProxy)
                    .begins(subject -> subject.proxy().goAway())
                    .waits("SQLSTATE 08", "connection|I/O")
                    .isRepairedBy(subject -> subject.proxy().comeBack())));
    if (PgBouncer.isInstalled()) {
      faults.add(refusingPooler(SINK).inEveryBuild());
      faults.add(
          Fault.of(SINK, "the pooler is full")
              .inEveryBuild()
              .with("database.pooler", "transaction")
              .prepared(Subject::connectThroughPooler)
              .begins(Subject::fillPooler)
              .waits("no more connections allowed", "no more connections allowed"));
    }
    return faults;
  }

  /** Without the documented setting of the connector; with it, see the pooler that is full. */
  static Fault refusingPooler(Side side) {
    return Fault.of(side, "the pooler refuses the connector's options")
        .prepared(Subject::connectWithPoolerBeside)
        .begins(
            subject -> {
              subject.proxy().goAway();
              subject.endSessions();
            })
        .fails("(?s)unsupported startup parameter.*database.pooler=transaction")
        .isRepairedBy(subject -> subject.proxy().comeBack());
  }
}
