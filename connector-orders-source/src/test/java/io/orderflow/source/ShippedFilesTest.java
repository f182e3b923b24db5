package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.common.config.ConfigReference;
import io.orderflow.common.database.Database.PoolUse;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.metrics.MetricsReference;
import io.orderflow.common.metrics.PluginMetricsAdapter;
import io.orderflow.common.metrics.TaskMetrics;
import io.orderflow.common.metrics.TaskName;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.metrics.SourceMetrics;
import io.orderflow.source.metrics.SourceMetrics.Phase;
import io.orderflow.source.schema.OrderIdColumns;
import io.orderflow.source.schema.TableKinds;
import io.orderflow.source.sql.InstallSql;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.internals.PluginMetricsImpl;
import org.junit.jupiter.api.Test;

/** Files that are generated from the code; -Dorderflow.docs.update=true writes them. */
class ShippedFilesTest {

  private static final Path ROOT =
      Path.of(Objects.requireNonNull(System.getProperty("orderflow.root")));

  private static final String INTRODUCTION =
      """
      `io.orderflow.source.OrdersSourceConnector` captures orders from PostgreSQL, each with its items as one
      event. `PUT /connector-plugins/OrdersSourceConnector/config/validate` connects to the database, and reports on
      each setting what the database lacks, with the SQL that fixes it.

      The settings of every Connect source apply too. A misspelled setting is an error of `validate`; other settings
      that neither the source nor Connect knows are logged as warnings when the connector starts.

      Some values have no exact form in an event. An infinite date or timestamp becomes the first or last of the
      years 1 to 9999. Fractions of a second beyond the millisecond are cut. The dimensions of an array are joined
      into one. NaN in a `numeric` with a scale stops the task unless `decimal.handling.mode=string`. Values of types
      without a counterpart in Connect are PostgreSQL's text for them.""";

  private final InstallSql sql = sqlFor("orders-source.json");

  /** For the sink's table of orders, whose outcomes can be captured too. */
  private final InstallSql outcomes = sqlFor("outcomes-source.json");

  /** The SQL for an example's connector, so that the examples fit each other. */
  private static InstallSql sqlFor(String example) {
    try {
      Map<String, String> settings =
          GoldenData.example(
              ROOT.resolve("config-examples").resolve(example),
              new Shop("jdbc:postgresql://localhost/shop"));
      OrdersSourceConfig config = new OrdersSourceConfig(settings);
      String id = Objects.requireNonNull(settings.get("orders.id.column"));
      return new InstallSql(
          config.tables(),
          TableKinds.PLAIN,
          OrderIdColumns.of(id, OrderIdType.BIGINT),
          config.shards(),
          "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void installScriptIsUpToDate() throws IOException {
    assertUpToDate("config-examples/sql/shop-install.sql", sql.install());
  }

  @Test
  void uninstallScriptIsUpToDate() throws IOException {
    assertUpToDate("config-examples/sql/shop-uninstall.sql", sql.uninstall());
  }

  @Test
  void scriptsOfTheDeletesAreUpToDate() throws IOException {
    assertUpToDate("config-examples/sql/shop-deletes-install.sql", sql.deletesInstall());
    assertUpToDate("config-examples/sql/shop-deletes-uninstall.sql", sql.deletesUninstall());
  }

  @Test
  void scriptsOfTheOutcomesAreUpToDate() throws IOException {
    assertUpToDate("config-examples/sql/outcomes-install.sql", outcomes.install());
    assertUpToDate("config-examples/sql/outcomes-uninstall.sql", outcomes.uninstall());
  }

  @Test
  void configurationReferenceIsUpToDate() throws IOException {
    assertUpToDate(
        "docs/configuration/orders-source.md",
        ConfigReference.markdown(
            "Settings of the orders source", INTRODUCTION, OrdersSourceConfig.definition()));
  }

  @Test
  void metricsReferenceIsUpToDate() throws IOException {
    try (TaskMetrics metrics =
        TaskMetrics.open(
            new TaskName(OrdersSourceTask.PLUGIN, "test", "0"),
            () ->
                new PluginMetricsAdapter(
                    new PluginMetricsImpl(new Metrics(), Map.of()), OrdersSourceTask.PLUGIN))) {
      SourceMetrics all = new SourceMetrics(metrics, InstantSource.system());
      all.lagOrders(() -> 0);
      all.horizonAge(() -> 0);
      all.log(() -> 0, () -> 0);
      all.phases(List.of(Phase.values()));
      all.pool("capture", () -> new PoolUse(0, 0, 0));
      all.pool("look-up", () -> new PoolUse(0, 0, 0));
      Path page = ROOT.resolve("docs/metrics.md");
      assertUpToDate(
          "docs/metrics.md",
          MetricsReference.page(Files.readString(page), OrdersSourceTask.PLUGIN, metrics));
    }
  }

  private static void assertUpToDate(String file, String expected) throws IOException {
    Path path = ROOT.resolve(file);
    if (Boolean.getBoolean("orderflow.docs.update")) {
      Files.createDirectories(path.getParent());
      Files.writeString(path, expected);
    }
    assertEquals(
        expected,
        Files.exists(path) ? Files.readString(path) : "",
        file + " is not up to date: run mvn test with -Dorderflow.docs.update=true");
  }
}
