package io.orderflow.sink.apply;

import static io.orderflow.sink.fixture.RepositoryFile.assertUpToDate;
import static io.orderflow.sink.fixture.RepositoryFile.read;

import io.orderflow.common.database.Database.PoolUse;
import io.orderflow.common.metrics.MetricsReference;
import io.orderflow.common.metrics.TaskMetrics;
import io.orderflow.sink.fixture.FakeSinkContext;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** docs/metrics.md lists the metrics of the sink. */
class MetricsPageTest {

  private static final String PAGE = "docs/metrics.md";

  @Test
  void pageIsUpToDate() throws IOException {
    try (TaskMetrics metrics = FakeSinkContext.metrics()) {
      SinkMetrics sink = new SinkMetrics(metrics);
      sink.showPool(() -> new PoolUse(0, 0, 0));
      sink.showDeadLetters(() -> 0);
      assertUpToDate(PAGE, MetricsReference.page(read(PAGE), "inventory-sink", metrics));
    }
  }
}
