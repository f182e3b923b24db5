package io.orderflow.benchmarks.sink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orderflow.benchmarks.Example;
import io.orderflow.benchmarks.OtherConnectors;
import io.orderflow.benchmarks.Topics;
import io.orderflow.benchmarks.measure.Connectors;
import io.orderflow.benchmarks.measure.Programs;
import io.orderflow.benchmarks.plugin.NoOpSinkConnector;
import io.orderflow.benchmarks.program.Database;
import io.orderflow.benchmarks.program.SinkJob;
import io.orderflow.benchmarks.sink.Contestant.Run;
import io.orderflow.stack.LocalStack;
import io.orderflow.stack.PostgresServer;
import io.orderflow.stack.StackBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The contestants, in the order of the tables. */
record Contestants(Connectors connectors, Programs programs) {

  static final String ORDERFLOW = "orderflow";
  static final String DEBEZIUM = "debezium";
  static final String OTHER = "other";
  static final String NO_OP = "no-op";
  static final String BARE_COPY = "bare-copy";
  static final String HAND_WRITTEN = "hand-written";

  static final Set<String> KINDS =
      Set.of(ORDERFLOW, DEBEZIUM, OTHER, NO_OP, BARE_COPY, HAND_WRITTEN);

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PROGRAM_BATCH = 5_000;

  /** Makes the plugins in the folder of other sinks known to the worker, see README.md. */
  static void addOtherSinks(StackBuilder stack) {
    stack.pluginArchives(otherSinks(".zip"));
    otherSinks("").stream().filter(Files::isDirectory).forEach(stack::pluginFolder);
  }

  private static List<Path> otherSinks(String suffix) {
    String folder = System.getenv("ORDERFLOW_OTHER_SINKS");
    if (folder == null) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(Path.of(folder))) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Could not list ORDERFLOW_OTHER_SINKS=" + folder, e);
    }
  }

  List<Contestant> all(List<Integer> debeziumBatches) {
    List<Contestant> all = new ArrayList<>();
    all.add(orderflow());
    debeziumBatches.forEach(batch -> all.add(debezium(batch)));
    otherSinks(".json").forEach(file -> all.add(other(file)));
    all.add(noOp());
    all.add(bare(BARE_COPY, "bare consumer with COPY"));
    all.add(bare(HAND_WRITTEN, "hand-written program"));
    return all;
  }

  /** The shipped example, pointed at the run's topic and database. */
  private Example example(Run run) {
    return connectors
        .example("inventory-sink.json", run.database())
        .with("topics", run.workload().topic())
        .with("tasks.max", Integer.toString(run.tasks()));
  }

  /** A sink that takes topic, tasks, converters and the consumer's settings of the example. */
  private Contestant sink(
      String kind,
      String name,
      Predicate<Workload> takes,
      BiFunction<Run, Map<String, String>, Map<String, String>> config) {
    return new Contestant(
        kind,
        name,
        takes,
        2,
        connectors::renew,
        run -> {
          Map<String, String> shared =
              new LinkedHashMap<>(example(run).only(OtherConnectors.OF_CONNECT).config());
          String connector = name.replaceAll("[^A-Za-z0-9]+", "-") + '-' + run.database();
          return connectors.start(connector, config.apply(run, shared));
        });
  }

  /** The inventory sink, with the shipped example's settings. */
  private Contestant orderflow() {
    return new Contestant(
        ORDERFLOW,
        ORDERFLOW,
        workload -> true,
        Integer.MAX_VALUE,
        connectors::renew,
        run -> {
          String topic = run.workload().topic();
          boolean payments = run.workload().kind() == SinkJob.Kind.PAYMENTS;
          Example example =
              example(run)
                  .with("topics.payment", payments ? topic : "")
                  .with("topics.order", payments ? "" : topic);
          return connectors.start(
              ORDERFLOW + '-' + run.database(),
              Example.merged(example.config(), run.workload().settings()));
        });
  }

  /**
   * Debezium's JDBC sink: upserts by {@code unnest}, keys reduced in memory, a converter that gives
   * it Structs for less than the plain JSON converter costs, and polls that fill its batches.
   *
   * @param batch maximum of records of one statement
   */
  private Contestant debezium(int batch) {
    return sink(
        DEBEZIUM,
        "Debezium JDBC sink, batch " + batch,
        workload -> workload.name().equals(Payments.NAME),
        (run, shared) -> {
          Map<String, String> config =
              OtherConnectors.debeziumSink(shared, connectors.stack().postgres(), run.database());
          config.put("use.reduction.buffer", "true");
          config.put("dialect.postgres.unnest.insert.enabled", "true");
          config.put("batch.size", Integer.toString(batch));
          config.put("consumer.override.max.poll.records", Integer.toString(batch));
          return config;
        });
  }

  /** A sink from the folder of other sinks, as its JSON configures it, see README.md. */
  private Contestant other(Path file) {
    JsonNode json;
    try {
      json = JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException("Could not read " + file, e);
    }
    Map<String, String> config = Example.texts(json.path("config"));
    String name = json.path("name").asText();
    if (config.isEmpty() || name.isEmpty()) {
      throw new IllegalArgumentException(file + " is not an object with name and config");
    }
    PostgresServer server = connectors.stack().postgres();
    return sink(
        OTHER,
        name,
        workload -> workload.name().equals(Payments.NAME),
        (run, shared) -> {
          config.forEach(
              (key, value) ->
                  shared.put(
                      key,
                      value
                          .replace("${url}", server.jdbcUrl(run.database()))
                          .replace("${user}", server.user())
                          .replace("${password}", server.password())
                          .replace("${topic}", run.workload().topic())
                          .replace("${table}", "payments")
                          .replace("${tasks}", Integer.toString(run.tasks()))));
          return shared;
        });
  }

  /** Connect itself: the same converters and consumer, and a sink that drops all records. */
  private Contestant noOp() {
    return sink(
        NO_OP,
        "no-op sink",
        workload -> Set.of(Payments.NAME, Orders.NAME).contains(workload.name()),
        (run, shared) ->
            Example.merged(shared, Map.of("connector.class", NoOpSinkConnector.class.getName())));
  }

  /**
   * The limit: for payments, a consumer that parses, and COPY into a table that is merged; for
   * orders, a program that writes into the sink's tables what the sink writes.
   */
  private Contestant bare(String kind, String name) {
    LocalStack stack = connectors.stack();
    return new Contestant(
        kind,
        name,
        workload ->
            workload.isPayments() == kind.equals(BARE_COPY)
                && !Set.of(Orders.FRACTIONS, Orders.AT_LOCATIONS).contains(workload.name()),
        2,
        programs::renew,
        run -> {
          String group = kind + '-' + run.database();
          return programs.start(
              new SinkJob(
                  run.workload().kind(),
                  stack.kafka().bootstrapServers(),
                  group,
                  run.workload().topic(),
                  Topics.PARTITIONS,
                  Database.of(stack.postgres(), run.database()),
                  run.tasks(),
                  PROGRAM_BATCH),
              group);
        });
  }
}
