package io.orderflow.benchmarks.source;

import io.orderflow.benchmarks.measure.AtWork;
import io.orderflow.stack.PostgresServer;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Debezium's PostgreSQL connector, exactly once; decimals are text in its events as they are in
 * ours.
 *
 * @param settings that it has beside those that it needs
 * @param withItems whether it captures both tables, or the orders alone
 * @param likeOurs whether its producer is set as ours is, or as Connect sets it by itself
 */
record Debezium(
    Connectors connectors,
    String name,
    Map<String, String> settings,
    boolean withItems,
    boolean likeOurs)
    implements Contestant {

  static final String KIND = "debezium";

  /** For rows alone, see {@link #withItems}. */
  static final String KIND_ORDERS_ALONE = "debezium-orders-alone";

  /** For a load: tables in parallel, large fetches, batches and queues, and no waits. */
  private static final Map<String, String> LOAD =
      Map.of(
          "snapshot.mode", "initial_only",
          "snapshot.max.threads", "2",
          "snapshot.fetch.size", "20000",
          "snapshot.locking.mode", "none",
          "max.batch.size", "16384",
          "max.queue.size", "65536",
          "poll.interval.ms", "5",
          "tombstones.on.delete", "false");

  /** As for a load, but it goes on with the changes, and looks for them often. */
  private static final Map<String, String> CHANGES =
      Map.of("poll.interval.ms", "20", "tombstones.on.delete", "false");

  static List<Contestant> ofLoad(Connectors connectors) {
    return List.of(
        new Debezium(connectors, "Debezium", Map.of(), true, false),
        new Debezium(connectors, "Debezium, tuned", LOAD, true, true),
        new Debezium(connectors, "Debezium, orders alone", Map.of(), false, false),
        new Debezium(connectors, "Debezium, tuned, orders alone", LOAD, false, true));
  }

  static List<Contestant> ofLatency(Connectors connectors) {
    return List.of(
        new Debezium(connectors, "Debezium", Map.of(), true, false),
        new Debezium(connectors, "Debezium, poll.interval.ms=20", CHANGES, true, false));
  }

  @Override
  public String kind() {
    return withItems ? KIND : KIND_ORDERS_ALONE;
  }

  /** It has one. */
  @Override
  public List<Integer> tasks(List<Integer> asked) {
    return List.of(1);
  }

  @Override
  public List<String> topics(Run run) {
    String orders = run.name() + ".public.orders";
    return withItems ? List.of(orders, run.name() + ".public.order_items") : List.of(orders);
  }

  @Override
  public Content content(int orders) {
    return withItems ? Content.rows(orders) : Content.orderRows(orders);
  }

  @Override
  public int recordsOf(long order) {
    return 1 + (withItems ? ShopOrders.lines(order) : 0);
  }

  @Override
  public void renew() {
    connectors.renew();
  }

  @Override
  public AtWork start(Run run) {
    PostgresServer server = connectors.postgres();
    URI url = URI.create(server.jdbcUrl(run.database()).substring(5));
    Map<String, String> config =
        new LinkedHashMap<>(likeOurs ? connectors.common(run) : connectors.withoutProducer(run));
    config.put("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
    config.put("database.hostname", url.getHost());
    config.put("database.port", Integer.toString(url.getPort()));
    config.put("database.user", server.user());
    config.put("database.password", server.password());
    config.put("database.dbname", run.database());
    config.put("plugin.name", "pgoutput");
    config.put("slot.name", Shops.SLOT);
    config.put("publication.name", Shops.PUBLICATION);
    config.put("publication.autocreate.mode", "filtered");
    config.put("topic.prefix", run.name());
    config.put(
        "table.include.list", withItems ? "public.orders,public.order_items" : "public.orders");
    config.put("column.exclude.list", "public.orders.change_xid");
    config.put("decimal.handling.mode", "string");
    config.putAll(settings);
    return connectors.start(run, config);
  }
}
