package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.Validation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The privileges of docs/operations/tables-roles-poolers.md are those that query capture needs. */
class RolesPageTest {

  private static final Path PAGE =
      Path.of(
          Objects.requireNonNull(System.getProperty("orderflow.root")),
          "docs/operations/tables-roles-poolers.md");
  private static final Pattern GRANTS = Pattern.compile("```sql\\n(GRANT [^`]* ON orders[^`]*)```");

  @Test
  void privilegesOfThePageAreEnough() throws IOException {
    // Given
    Matcher page = GRANTS.matcher(Files.readString(PAGE));
    assertTrue(page.find());
    Shop shop = Shop.installed();
    String role = "role_of_" + shop.value("SELECT current_database()");
    shop.run("CREATE ROLE " + role + " LOGIN");
    shop.run(page.group(1).replace(" app", " " + role));
    shop.run("INSERT INTO orders VALUES (1, 'NEW', 1.50)");
    Map<String, String> settings = shop.settings(Map.of("database.user", role));

    // When
    Map<String, List<String>> findings = Validation.findings(settings);
    int captured;
    try (CaptureRun run = new CaptureRun(settings, new HashMap<>())) {
      captured = run.records(1).size();
    }

    // Then
    assertEquals(Map.of(), findings);
    assertEquals(1, captured);
    shop.run("DROP OWNED BY " + role + "; DROP ROLE " + role);
  }
}
