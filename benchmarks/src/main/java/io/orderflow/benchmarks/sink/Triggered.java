package io.orderflow.benchmarks.sink;

import io.orderflow.benchmarks.Sql;
import io.orderflow.benchmarks.program.SinkJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Another workload, on tables with a trigger before each row that changes nothing. The inventory
 * sink reads the rows of such tables again after it has written them; the programs do not, so that
 * they show what the trigger itself costs.
 *
 * @param records the same without triggers
 */
record Triggered(Workload records) implements Workload {

  private static final String SUFFIX = "-triggers";

  static final String PAYMENTS = Payments.NAME + SUFFIX;
  static final String ORDERS = Orders.NAME + SUFFIX;

  /** Whether a workload is one of these. */
  static boolean is(String workload) {
    return workload.endsWith(SUFFIX);
  }

  /** The name of the same workload without triggers. */
  static String withoutTriggers(String workload) {
    return workload.substring(0, workload.length() - SUFFIX.length());
  }

  @Override
  public String name() {
    return records.name() + SUFFIX;
  }

  @Override
  public String topic() {
    return records.topic();
  }

  @Override
  public int count() {
    return records.count();
  }

  @Override
  public SinkJob.Kind kind() {
    return records.kind();
  }

  @Override
  public Map<String, String> settings() {
    return records.settings();
  }

  @Override
  public Workload warmUp(int count) {
    return new Triggered(records.warmUp(count));
  }

  @Override
  public ProducerRecord<byte[], byte[]> record(int i) {
    return records.record(i);
  }

  @Override
  public void prepare(Connection warehouse) throws SQLException {
    records.prepare(warehouse);
    Sql.execute(
        warehouse,
        "CREATE FUNCTION change_nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        trigger("payments"),
        trigger("order_inventory"),
        trigger("stock"));
  }

  private static String trigger(String table) {
    return "CREATE TRIGGER change_nothing BEFORE INSERT OR UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION change_nothing()"
        .formatted(table);
  }

  @Override
  public void check(Connection warehouse) throws SQLException {
    records.check(warehouse);
  }
}
