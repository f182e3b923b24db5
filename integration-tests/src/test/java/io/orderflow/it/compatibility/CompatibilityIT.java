package io.orderflow.it.compatibility;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.it.fixture.Stage;
import io.orderflow.stack.LocalStack;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Both connectors, from their archives, on workers and PostgreSQL of each version. Run with {@code
 * -Pcompatibility}, which writes the results into docs/compatibility.md.
 */
@Tag("compatibility")
@EnabledIfSystemProperty(
    named = "orderflow.groups",
    matches = "compatibility",
    disabledReason = "takes an hour: mvn -B verify -Pcompatibility")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompatibilityIT {

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
    CapturedTwice orders = CapturedTwice.prepare(stage);
    assertTrue(worker.version().startsWith(versions.connect()), worker::version);
    assertEquals(versions.postgresVersion(), orders.postgresVersion());
    worker.knowsBothPlugins();
    worker.validates(orders.configs());

    // When
    orders.startConnectors();
    orders.work(150);
    stage.stack().workers().get(0).killHard();
    orders.work(10);
    stage.stack().workers().get(0).start();
    orders.work(150);

    // Then
    orders.awaitAllIsThere();
    assertEquals(List.of(), orders.faults());
    assertEquals(versions.domainOfMetrics(), worker.domainOfMetrics());

    // When
    worker.patchesOffsets(CapturedTwice.BY_QUERY);
    orders.work(10);

    // Then
    orders.awaitAllIsThere();
    assertEquals(List.of(), orders.faults());
    orders.deleteAnOrder();
    for (String connector : orders.configs().keySet()) {
      await("failures").until(() -> stage.connectors().failures(connector), equalTo(""));
    }
    assertEquals(List.of(), worker.linkageErrors());
    return new ResultTable.Seen(
        worker.version(), worker.domainOfMetrics(), orders.slotOnStandbys());
  }

  @AfterAll
  void writeTheTable() throws IOException {
    results.write();
  }
}
