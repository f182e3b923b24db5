package io.orderflow.it.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.it.fixture.Await;
import io.orderflow.it.fixture.Stage;
import io.orderflow.stack.LocalStack;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Both connectors, from their archives, on workers and PostgreSQL of each version. Run with {@code
 * -Pcompatibility}, which writes what came of it into docs/compatibility.md.
 */
@Tag("compatibility")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompatibilityIT {
  private static final Duration SOON = Duration.ofMinutes(2);

  private final ResultTable results = new ResultTable();

  static List<Combination> combinations() {
    return Combination.wanted();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("combinations")
  void guaranteesHoldWhileTheShopWorksAndAWorkerIsKilled(Combination versions) {
    results.time(versions, () -> run(versions));
  }

  private static ResultTable.Seen run(Combination versions) {
    try (LocalStack stack = versions.start()) {
      try (Stage stage = new Stage(stack)) {
        return smoke(versions, stage);
      } catch (RuntimeException | Error e) {
        stack.keepLogs();
        throw e;
      }
    }
  }

  private static ResultTable.Seen smoke(Combination versions, Stage stage) {
    // Given
    WorkerLook worker = new WorkerLook(stage);
    Trade trade = Trade.prepare(stage);
    assertTrue(worker.version().startsWith(versions.connect()), worker::version);
    assertEquals(versions.postgresVersion(), trade.postgresVersion());
    worker.knowsBothPlugins();
    worker.validates(trade.configs());

    // When
    trade.startConnectors();
    trade.work(150);
    stage.stack().workers().get(0).killHard();
    trade.work(10);
    stage.stack().workers().get(0).start();
    trade.work(150);

    // Then
    trade.awaitAllIsThere();
    assertEquals(List.of(), trade.faults());
    assertEquals(versions.domainOfMetrics(), worker.domainOfMetrics());

    // When
    worker.patchesOffsets(Trade.BY_QUERY);
    trade.work(10);

    // Then
    trade.awaitAllIsThere();
    assertEquals(List.of(), trade.faults());
    trade.deleteAnOrder();
    for (String connector : trade.configs().keySet()) {
      Await.equal("failures", "", SOON, () -> stage.connectors().failures(connector));
    }
    assertEquals(List.of(), worker.linkageErrors());
    return new ResultTable.Seen(worker.version(), worker.domainOfMetrics(), trade.slotOnStandbys());
  }

  @AfterAll
  void writeTheTable() throws IOException {
    results.write();
  }
}
