package io.orderflow.sink.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.InventorySinkConnector;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RepositoryFile;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The privileges of docs/operations/tables-roles-poolers.md are those that the sink needs. */
@Timeout(60)
class RolesPageTest {

  private static final Pattern GRANTS =
      Pattern.compile("```sql\\n(GRANT [^`]* ON (?:stock|order_payments)[^`]*)```");

  @Test
  void privilegesOfThePageAreEnough() throws Exception {
    // Given
    Matcher page = GRANTS.matcher(RepositoryFile.read("docs/operations/tables-roles-poolers.md"));
    assertTrue(page.find());
    String ofAll = page.group(1);
    assertTrue(page.find());
    String grants = ofAll + page.group(1);
    try (WarehouseDatabase database = WarehouseDatabase.withPaymentIds(OrderIdType.BIGINT)) {
      String role = "role_of_" + database.name();
      database.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'secret'");
      database.execute(grants.replace(" app", " " + role));
      database.stock("A", 10);
      Map<String, String> settings = new HashMap<>(RunningSink.settings(database));
      settings.put("payment.id.field", "id");
      settings.put("database.user", role);
      settings.put("database.password", "secret");

      // When
      List<String> findings =
          new InventorySinkConnector()
              .validate(settings).configValues().stream()
                  .flatMap(value -> value.errorMessages().stream())
                  .toList();
      try (RunningSink sink = RunningSink.with(settings, new FakeSinkContext(true))) {
        for (int version = 1; version <= 2; version++) {
          sink.put(
              Events.order(1L, version, "PLACED", "A:" + version),
              Events.payment("a", version, 1L, "PAID", "5", "EUR"),
              Events.inventory(100L + version, 1, "RECEIVE", "new-" + version + ":7"));
        }
      }

      // Then
      assertEquals(List.of(), findings);
      assertEquals(List.of("5"), database.rows("SELECT paid FROM payment_totals"));
      assertEquals(List.of("A|10|2", "new-1|7|0", "new-2|7|0"), database.stock());
      database.execute("DROP OWNED BY " + role);
      database.execute("DROP ROLE " + role);
    }
  }
}
