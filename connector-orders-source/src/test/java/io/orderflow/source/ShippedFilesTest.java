package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.common.config.ConfigReference;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.database.PoolUse;
import io.orderflow.common.metrics.MetricsReference;
import io.orderflow.common.metrics.PluginMetricsAdapter;
import io.orderflow.common.metrics.TaskMetrics;
import io.orderflow.common.metrics.TaskName;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.metrics.Phase;
import io.orderflow.source.metrics.SourceMetrics;
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

/** Files of the checkout that are made from the code; -Dorderflow.docs.update=true makes them. */
class ShippedFilesTest {

  private static final Path ROOT =
      Path.of(Objects.requireNonNull(System.getProperty("orderflow.root")));

  private static final String INTRODUCTION =
      """
      `io.orderflow.source.OrdersSourceConnector` captures orders from PostgreSQL, each with its items as one
      event. `PUT /connector-plugins/OrdersSourceConnector/config/validate` connects, and tells on each setting what
      the database lacks, with the SQL that mends it.

      Values that an event cannot hold as they are: an infinite date or timestamp becomes the first or last of
      the years 1 to 9999; digits beyond the millisecond are cut; the dimensions of an array are laid one after
      the other; NaN in a `numeric` with a scale stops the task unless `decimal.handling.mode=string`. Types that are not named in
      the project's design are the text that PostgreSQL writes for them.""";

  private final InstallSql sql = sqlFor("orders-source.json");

  /** For the sink's table of orders, whose outcomes can be captured in their turn. */
  private final InstallSql outcomes = sqlFor("outcomes-source.json");

  /** What an example's connector needs, so that the examples fit each other. */
  private static InstallSql sqlFor(String example) {
    try {
      Map<String, String> settings =
          ReleasedSituation.example(
              ROOT.resolve("config-examples").resolve(example),
              new Shop("jdbc:postgresql://localhost/shop"));
      OrdersSourceConfig config = new OrdersSourceConfig(settings);
      String id = Objects.requireNonNull(settings.get("orders.id.column"));
      return new InstallSql(config.tables(), id, OrderIdType.BIGINT, config.shards());
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
        ConfigReference.markdown("Orders source", INTRODUCTION, OrdersSourceConfig.definition()));
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
      all.waiting(() -> 0);
      all.horizonAge(() -> 0);
      all.log(() -> 0, () -> 0);
      all.steps(List.of(Phase.values()));
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
