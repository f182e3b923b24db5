package io.orderflow.source.validate;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.Validation;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HorizonCheckTest {

  private static final Pattern FIX =
      Pattern.compile("never will, (?:end its session:\n|ask .*COMMIT PREPARED .*; or: )([^;]*);");

  private final Shop shop = Shop.installed();
  private final String role = "role_of_" + shop.value("SELECT current_database()");

  @BeforeEach
  void createRole() {
    shop.run("CREATE ROLE %1$s LOGIN; GRANT SELECT ON orders, order_items TO %1$s".formatted(role));
  }

  @AfterEach
  void dropRole() {
    shop.run("DROP OWNED BY %1$s; DROP ROLE %1$s".formatted(role));
  }

  /** The holder's session and the privilege of the connector's role. */
  @ParameterizedTest
  @CsvSource({"open, hidden", "open, visible", "prepared, hidden", "prepared, visible"})
  void transactionThatHoldsTheHorizonIsNamedWithItsEnd(String kind, String sight)
      throws SQLException {
    // Given
    if (sight.equals("visible")) {
      shop.run("GRANT pg_read_all_stats TO " + role);
    }
    try (Connection capture = capturing();
        Connection holder = shop.connect()) {
      holder.setAutoCommit(false);
      execute(holder, "CREATE TABLE forgotten (n int)");
      String words = "session %s of role postgres".formatted(backend(holder));
      if (kind.equals("prepared")) {
        execute(holder, "PREPARE TRANSACTION 'it''s'");
        words = "the prepared transaction 'it''s' of role postgres";
      }
      placeOrder();

      // When
      await().until(() -> !findings().isEmpty());
      String found = String.join("", findings());

      // Then
      assertTrue(found.contains(words), found);
      assertEquals(
          kind.equals("open") && sight.equals("hidden"),
          found.contains("more than 1 s") && found.contains("GRANT pg_read_all_stats"),
          found);
      Matcher fix = FIX.matcher(found);
      assertTrue(fix.find(), found);
      shop.run(fix.group(1));
      await().until(() -> findings().isEmpty());
      assertTrue(capture.isValid(1));
    }
  }

  @Test
  void shortTransactionOfAnotherRoleIsNoProblem() throws Exception {
    // Given: when they began is hidden
    try (Connection capture = capturing();
        Connection writer = shop.connect()) {
      writer.setAutoCommit(false);
      execute(writer, "CREATE TABLE written (n int)");
      placeOrder();
      Thread commit =
          new Thread(
              () -> {
                try {
                  execute(writer, "SELECT pg_sleep(0.5)");
                  writer.commit();
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      commit.start();

      // Then
      assertEquals(List.of(), findings());
      commit.join();
      assertTrue(capture.isValid(1));
    }
  }

  @Test
  void transactionThatHoldsNoCaptureIsNotNamed() throws SQLException {
    // Given: no session of a source
    try (Connection open = shop.connect()) {
      open.setAutoCommit(false);
      execute(open, "CREATE TABLE forgotten (n int)");
      placeOrder();
      execute(open, "SELECT pg_sleep(1.1)");

      // Then
      assertEquals(List.of(), findings());
    }
  }

  /** Until another transaction is committed, capture waits for none. */
  private void placeOrder() {
    shop.run("INSERT INTO orders VALUES (1, 'new')");
  }

  private Connection capturing() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", role);
    properties.setProperty("ApplicationName", "orderflow-orders-source test");
    return DriverManager.getConnection(shop.url(), properties);
  }

  private List<String> findings() {
    Map<String, String> settings =
        new HashMap<>(shop.settings(Map.of("database.statement.timeout.ms", "1000")));
    settings.put("database.user", role);
    return Validation.findings(settings).values().stream().flatMap(List::stream).toList();
  }

  private static void execute(Connection session, String sql) throws SQLException {
    try (Statement statement = session.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String backend(Connection session) throws SQLException {
    try (Statement statement = session.createStatement();
        ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
      row.next();
      return row.getString(1);
    }
  }
}
