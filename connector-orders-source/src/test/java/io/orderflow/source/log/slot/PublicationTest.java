package io.orderflow.source.log.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.fixture.Shop;
import io.orderflow.source.schema.CapturedTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PublicationTest {

  private final Shop shop = Shop.withTables();
  private final CapturedTables tables = shop.config(Map.of()).tables();

  @BeforeEach
  void publish() {
    shop.run("CREATE PUBLICATION orderflow FOR TABLE orders, order_items");
  }

  @Test
  void fingerprintDiffersAfterEachChange() throws SQLException {
    // Given
    Publication publication = new Publication("orderflow", tables);
    Set<String> fingerprints = new HashSet<>();
    List<String> changes =
        List.of(
            "SELECT 1",
            "ALTER PUBLICATION orderflow SET (publish = 'insert')",
            "ALTER PUBLICATION orderflow SET (publish = 'insert, update, delete, truncate')",
            "ALTER PUBLICATION orderflow DROP TABLE order_items",
            "ALTER TABLE orders REPLICA IDENTITY FULL",
            "DROP PUBLICATION orderflow",
            "CREATE PUBLICATION orderflow FOR ALL TABLES");

    // When
    try (Connection connection = shop.connect()) {
      for (String change : changes) {
        shop.run(change);
        fingerprints.add(publication.readState(connection).fingerprint());
        assertEquals(publication.readState(connection), publication.readState(connection));
      }
    }

    // Then
    // The fingerprint of the repaired publication equals that of the original one.
    assertEquals(changes.size() - 1, fingerprints.size());
  }

  @Test
  void membershipDiffersAfterARepairedChange() throws SQLException {
    // Given
    Publication publication = new Publication("orderflow", tables);
    shop.run("CREATE TABLE visits (id bigint PRIMARY KEY)");
    List<String> others =
        List.of(
            "ALTER PUBLICATION orderflow ADD TABLE visits",
            "ALTER PUBLICATION orderflow SET TABLE orders, order_items",
            "ALTER TABLE orders ADD note text");
    List<String> repaired =
        List.of(
            "ALTER PUBLICATION orderflow DROP TABLE orders; ALTER PUBLICATION orderflow ADD TABLE"
                + " orders",
            "ALTER PUBLICATION orderflow SET (publish = 'insert'); ALTER PUBLICATION orderflow SET"
                + " (publish = 'insert, update, delete, truncate')",
            "DROP PUBLICATION orderflow; CREATE PUBLICATION orderflow FOR TABLE orders,"
                + " order_items");

    try (Connection connection = shop.connect()) {
      // When
      String first = publication.readState(connection).membership();
      Set<String> afterOthers = new HashSet<>();
      for (String change : others) {
        shop.run(change);
        afterOthers.add(publication.readState(connection).membership());
      }
      Set<String> afterRepairs = new HashSet<>();
      for (String change : repaired) {
        shop.run(change);
        afterRepairs.add(publication.readState(connection).membership());
      }

      // Then
      assertEquals(Set.of(first), afterOthers);
      assertEquals(repaired.size(), afterRepairs.size());
      assertTrue(!afterRepairs.contains(first));
    }
  }

  @Test
  void createdPublicationPublishesAllOperations() throws SQLException {
    // Given
    Publication publication = new Publication("My own", tables);

    try (Connection connection = shop.connect()) {
      // When
      boolean before = publication.exists(connection);
      publication.create(connection);

      // Then
      assertTrue(!before && publication.exists(connection));
      assertEquals(
          "t",
          shop.value(
              "SELECT pubinsert AND pubupdate AND pubdelete AND pubtruncate AND NOT pubviaroot FROM"
                  + " pg_publication WHERE pubname = 'My own'"));
    }
  }
}
