package io.orderflow.sink.warehouse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.InventorySinkConnector;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.ReleasedWarehouse;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Golden data of earlier releases continue to work; CONTRIBUTING.md says how to record them. */
@Timeout(60)
class WarehouseReleasesTest {

  private static final String DEAD_LETTERS = "inventory-sink-dead-letters.json";

  static List<ReleasedWarehouse> releases() throws IOException {
    return ReleasedWarehouse.all();
  }

  @ParameterizedTest
  @MethodSource("releases")
  void tablesOfAReleaseAreUpdatedAsByTheRelease(ReleasedWarehouse release)
      throws IOException, SQLException {
    try (WarehouseDatabase database = release.database(ReleasedWarehouse.APPLIED);
        WarehouseDatabase applied = release.database(ReleasedWarehouse.APPLIED);
        WarehouseDatabase next = release.database(ReleasedWarehouse.NEXT)) {
      // Given
      try (RunningSink sink = running(release, database)) {
        // When
        sink.put(release.records(ReleasedWarehouse.APPLIED));
        Map<String, List<String>> replayed = ReleasedWarehouse.rows(database, applied);
        sink.put(release.records(ReleasedWarehouse.NEXT));

        // Then
        assertEquals(ReleasedWarehouse.rows(applied, applied), replayed);
        assertEquals(ReleasedWarehouse.rows(next, next), ReleasedWarehouse.rows(database, next));
        assertEquals(List.of(), sink.reported());
        assertEquals(List.of(), database.drift());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("releases")
  void scriptsOfTodayCanRunOnTablesOfARelease(ReleasedWarehouse release)
      throws IOException, SQLException {
    try (WarehouseDatabase database = release.database(ReleasedWarehouse.APPLIED);
        WarehouseDatabase next = release.database(ReleasedWarehouse.NEXT)) {
      // When
      database.execute(WarehouseDatabase.TABLES.installScript(OrderIdType.BIGINT, 0));
      try (RunningSink sink = running(release, database)) {
        sink.put(release.records(ReleasedWarehouse.NEXT));
      }

      // Then
      assertEquals(ReleasedWarehouse.rows(next, next), ReleasedWarehouse.rows(database, next));
      assertEquals(List.of(), database.drift());
    }
  }

  private static RunningSink running(ReleasedWarehouse release, WarehouseDatabase database)
      throws IOException {
    return RunningSink.with(
        release.settings(ReleasedWarehouse.EXAMPLE, database), new FakeSinkContext(true));
  }

  @ParameterizedTest
  @MethodSource("releases")
  void examplesAreAccepted(ReleasedWarehouse release) throws IOException, SQLException {
    try (WarehouseDatabase database = release.database(ReleasedWarehouse.APPLIED)) {
      // Then
      assertEquals(List.of(), errors(release, database));
    }
  }

  private static List<String> errors(ReleasedWarehouse release, WarehouseDatabase database)
      throws IOException {
    InventorySinkConnector connector = new InventorySinkConnector();
    List<Map<String, String>> all = new ArrayList<>();
    all.add(release.settings(ReleasedWarehouse.EXAMPLE, database));
    if (Files.exists(release.folder().resolve(DEAD_LETTERS))) {
      all.add(release.settings(DEAD_LETTERS, database));
    }
    return all.stream()
        .flatMap(settings -> connector.validate(settings).configValues().stream())
        .flatMap(value -> value.errorMessages().stream())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("releases")
  void settingsKeepTheirNames(ReleasedWarehouse release) throws IOException {
    // Given
    TreeSet<String> gone = new TreeSet<>(release.read(ReleasedWarehouse.NAMES).lines().toList());

    // When
    gone.removeAll(new InventorySinkConnector().config().names());

    // Then
    assertEquals(new TreeSet<>(), gone);
  }
}
