package io.orderflow.benchmarks.source;

import io.orderflow.benchmarks.Example;
import io.orderflow.benchmarks.OtherConnectors;
import io.orderflow.benchmarks.measure.Connectors;
import io.orderflow.benchmarks.measure.Programs;
import io.orderflow.benchmarks.program.Database;
import io.orderflow.benchmarks.source.Content.Form;
import io.orderflow.benchmarks.source.Contestant.Run;
import io.orderflow.benchmarks.source.program.SourceJob;
import io.orderflow.stack.LocalStack;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The contestants, in the order of the tables. */
record Contestants(Connectors connectors, Programs programs) {

  static final String QUERY = "orderflow-query";
  static final String LOG = "orderflow-log";
  static final String DEBEZIUM = "debezium";
  static final String DEBEZIUM_ORDERS_ALONE = "debezium-orders-alone";
  static final String NO_OP = "no-op";
  static final String BARE = "bare";

  static final Set<String> KINDS = Set.of(QUERY, LOG, DEBEZIUM, DEBEZIUM_ORDERS_ALONE, NO_OP, BARE);

  /** For much at once: large batches and queues, and no waits. */
  private static final Map<String, String> TUNED =
      Map.of(
          "max.batch.size", "16384",
          "max.queue.size", "65536",
          "poll.interval.ms", "5",
          "tombstones.on.delete", "false");

  /** For a snapshot besides: tables in parallel, and large fetches. */
  private static final Map<String, String> TUNED_SNAPSHOT =
      Map.of(
          "snapshot.mode", "initial_only",
          "snapshot.max.threads", "2",
          "snapshot.fetch.size", "20000",
          "snapshot.locking.mode", "none");

  private static final Map<String, String> FREQUENT_POLLS =
      Map.of("poll.interval.ms", "20", "tombstones.on.delete", "false");

  List<Contestant> ofSnapshot() {
    Map<String, String> tuned = Example.merged(TUNED, TUNED_SNAPSHOT);
    List<Contestant> all = new ArrayList<>(ours());
    all.add(debezium(DEBEZIUM, "Debezium", Map.of()));
    all.add(debezium(DEBEZIUM, "Debezium, tuned", tuned));
    all.add(debezium(DEBEZIUM_ORDERS_ALONE, "Debezium, orders alone", Map.of()));
    all.add(debezium(DEBEZIUM_ORDERS_ALONE, "Debezium, tuned, orders alone", tuned));
    all.add(noOp());
    all.add(bare("bare program, COPY", SourceJob.Kind.SNAPSHOT));
    return all;
  }

  List<Contestant> ofCatchUp() {
    return List.of(
        ours().get(1),
        debezium(DEBEZIUM, "Debezium, tuned", TUNED),
        bare("bare program, pgoutput", SourceJob.Kind.CHANGES));
  }

  List<Contestant> ofLatency() {
    List<Contestant> all = new ArrayList<>(ours());
    all.add(debezium(DEBEZIUM, "Debezium", Map.of()));
    all.add(debezium(DEBEZIUM, "Debezium, poll.interval.ms=20", FREQUENT_POLLS));
    all.add(bare("bare program, pgoutput", SourceJob.Kind.CHANGES));
    return all;
  }

  private List<Contestant> ours() {
    return List.of(
        orderflow(QUERY, "orderflow, query", Map.of()),
        orderflow(
            LOG,
            "orderflow, log",
            Map.of("capture", "log", "slot.name", Shops.SLOT, "publication.name", Shops.SLOT)));
  }

  /** The shipped example, pointed at the run's database and topic. */
  private Example example(Run run) {
    return connectors
        .example("orders-source.json", run.database())
        .with("topic", run.name())
        .with("tasks.max", Integer.toString(run.tasks()));
  }

  /** The orders source. Log capture has one task, which reads the snapshot in several threads. */
  private Contestant orderflow(String kind, String name, Map<String, String> settings) {
    return new Contestant(
        kind,
        name,
        Form.WHOLE_ORDERS,
        Integer.MAX_VALUE,
        connectors::renew,
        run -> {
          Map<String, String> config = Example.merged(example(run).config(), settings);
          if (kind.equals(LOG)) {
            config.put("snapshot.max.threads", Integer.toString(run.tasks()));
          }
          return connectors.start(run.name(), config);
        });
  }

  /**
   * Debezium's PostgreSQL connector, exactly once; decimals are text in its events as they are in
   * ours. Tuned for throughput, its producer is set as ours is, otherwise as Connect sets it.
   */
  private Contestant debezium(String kind, String name, Map<String, String> settings) {
    boolean withItems = kind.equals(DEBEZIUM);
    return new Contestant(
        kind,
        name,
        withItems ? Form.ROWS : Form.ORDER_ROWS,
        1,
        connectors::renew,
        run -> {
          boolean tuned = settings.containsKey("max.batch.size");
          Example shared =
              example(run).only(tuned ? OtherConnectors.WITH_PRODUCER : OtherConnectors.OF_CONNECT);
          Map<String, String> config =
              OtherConnectors.debeziumSource(
                  shared.config(), connectors.stack().postgres(), run.database(), Shops.SLOT);
          config.put("topic.prefix", run.name());
          if (withItems) {
            config.put("table.include.list", "public.orders,public.order_items");
          }
          config.put("column.exclude.list", "public.orders.change_xid");
          config.put("decimal.handling.mode", "string");
          config.putAll(settings);
          return connectors.start(run.name(), config);
        });
  }

  /** Connect itself: the same converters and producer, and events that cost nothing. */
  private Contestant noOp() {
    return new Contestant(
        NO_OP,
        "no-op source",
        Form.COUNTED,
        Integer.MAX_VALUE,
        connectors::renew,
        run ->
            connectors.start(
                run.name(),
                OtherConnectors.noOpSource(
                    example(run).only(OtherConnectors.WITH_PRODUCER).config(),
                    run.name(),
                    run.orders())));
  }

  /** The limit: a program that reads, merges, writes JSON and produces in transactions. */
  private Contestant bare(String name, SourceJob.Kind job) {
    LocalStack stack = connectors.stack();
    return new Contestant(
        BARE,
        name,
        Form.WHOLE_ORDERS,
        2,
        programs::renew,
        run ->
            programs.start(
                new SourceJob(
                    job,
                    stack.kafka().bootstrapServers(),
                    run.name(),
                    Database.of(stack.postgres(), run.database()),
                    Shops.SLOT,
                    run.orders(),
                    run.tasks()),
                run.name()));
  }
}
