package io.orderflow.benchmarks.sink;

import io.orderflow.benchmarks.plugin.PaymentConverter;
import io.orderflow.stack.PostgresServer;
import java.util.Map;

/**
 * Debezium's JDBC sink: upserts by {@code unnest}, keys reduced in memory, a converter that gives
 * it Structs for less than the plain JSON converter costs, and polls that fill its batches.
 *
 * @param batch records of one statement at most
 */
record DebeziumJdbc(Connectors connectors, int batch) implements Contestant {

  static final String KIND = "debezium";

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String name() {
    return "Debezium JDBC sink, batch " + batch;
  }

  @Override
  public boolean takes(Workload workload) {
    return workload.name().equals(Payments.NAME);
  }

  @Override
  public void renew() {
    connectors.renew();
  }

  @Override
  public Running start(Run run) {
    PostgresServer server = connectors.postgres();
    Map<String, String> config = connectors.common(run);
    config.put("connector.class", "io.debezium.connector.jdbc.JdbcSinkConnector");
    config.put("connection.url", server.jdbcUrl(run.database()));
    config.put("connection.username", server.user());
    config.put("connection.password", server.password());
    config.put("collection.name.format", "payments");
    config.put("schema.evolution", "none");
    config.put("insert.mode", "upsert");
    config.put("delete.enabled", "false");
    config.put("primary.key.mode", "record_value");
    config.put("primary.key.fields", "order_id");
    config.put("use.reduction.buffer", "true");
    config.put("dialect.postgres.unnest.insert.enabled", "true");
    config.put("batch.size", Integer.toString(batch));
    config.put("consumer.override.max.poll.records", Integer.toString(batch));
    config.put("key.converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
    config.put("value.converter", PaymentConverter.class.getName());
    return connectors.start(KIND + '-' + batch, run, config);
  }
}
