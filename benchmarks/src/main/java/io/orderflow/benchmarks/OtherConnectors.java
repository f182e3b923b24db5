package io.orderflow.benchmarks;

import io.orderflow.benchmarks.plugin.NoOpSourceConnector;
import io.orderflow.benchmarks.plugin.PaymentConverter;
import io.orderflow.stack.PostgresServer;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/** The settings of connectors that are not ours, added to those that all connectors share. */
public final class OtherConnectors {

  /** The settings of an example that are Connect's own: tasks, exactly once, converters. */
  public static final String OF_CONNECT =
      "topics|tasks\\.max|exactly\\.once\\.support|(key|value)\\.converter.*|consumer\\..*";

  /** The same and the producer's. */
  public static final String WITH_PRODUCER = OF_CONNECT + "|producer\\..*";

  private OtherConnectors() {}

  /**
   * Debezium's PostgreSQL source.
   *
   * @param name of slot and publication
   */
  public static Map<String, String> debeziumSource(
      Map<String, String> shared, PostgresServer server, String database, String name) {
    URI url = URI.create(server.jdbcUrl(database).substring("jdbc:".length()));
    Map<String, String> config = new LinkedHashMap<>(shared);
    config.put("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
    config.put("database.hostname", url.getHost());
    config.put("database.port", Integer.toString(url.getPort()));
    config.put("database.user", server.user());
    config.put("database.password", server.password());
    config.put("database.dbname", database);
    config.put("plugin.name", "pgoutput");
    config.put("slot.name", name);
    config.put("publication.name", name);
    config.put("publication.autocreate.mode", "filtered");
    config.put("table.include.list", "public.orders");
    return config;
  }

  /** Debezium's JDBC sink, for payments. */
  public static Map<String, String> debeziumSink(
      Map<String, String> shared, PostgresServer server, String database) {
    Map<String, String> config = new LinkedHashMap<>(shared);
    config.put("connector.class", "io.debezium.connector.jdbc.JdbcSinkConnector");
    config.put("connection.url", server.jdbcUrl(database));
    config.put("connection.username", server.user());
    config.put("connection.password", server.password());
    config.put("collection.name.format", "payments");
    config.put("schema.evolution", "none");
    config.put("insert.mode", "upsert");
    config.put("delete.enabled", "false");
    config.put("primary.key.mode", "record_value");
    config.put("primary.key.fields", "order_id");
    config.put("key.converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
    config.put("value.converter", PaymentConverter.class.getName());
    return config;
  }

  /** A source that makes its events once and sends them again and again. */
  public static Map<String, String> noOpSource(
      Map<String, String> shared, String topic, int events) {
    Map<String, String> config = new LinkedHashMap<>(shared);
    config.put("connector.class", NoOpSourceConnector.class.getName());
    config.put(NoOpSourceConnector.TOPIC, topic);
    config.put(NoOpSourceConnector.COUNT, Integer.toString(events));
    return config;
  }
}
