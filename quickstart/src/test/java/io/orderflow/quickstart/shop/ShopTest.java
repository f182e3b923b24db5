package io.orderflow.quickstart.shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.quickstart.setup.ConfigExamples;
import io.orderflow.quickstart.verdict.Evidence;
import io.orderflow.quickstart.verdict.OrderState;
import io.orderflow.quickstart.verdict.PaymentState;
import io.orderflow.stack.SqlScript;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ShopTest {

  private static EmbeddedPostgres postgres;

  private final SplittableRandom random = new SplittableRandom(4);
  private final Products products = Products.forOrders(1_000, random);
  private final MockProducer<String, String> kafka =
      new MockProducer<>(
          true, new RoundRobinPartitioner(), new StringSerializer(), new StringSerializer());

  @BeforeAll
  static void createShop() throws IOException, SQLException {
    postgres = EmbeddedPostgres.start();
    try (Connection connection = postgres.getPostgresDatabase().getConnection()) {
      SqlScript.run(connection, ConfigExamples.ofThisCheckout().shopSchema());
    }
  }

  @BeforeEach
  void emptyShop() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("TRUNCATE orders CASCADE");
    }
  }

  @AfterAll
  static void stopServer() throws IOException {
    postgres.close();
  }

  @Test
  void shopSellsAtItsPaceAndReportsEveryCommittedVersion() throws Exception {
    // Given
    Map<Long, Long> past = new HashMap<>();
    Shop.createPastOrders(this::connect, products, 2_500, random)
        .forEach(order -> past.put(order.orderId(), order.version()));
    Map<Long, Long> reported = new ConcurrentHashMap<>(past);
    Shop.CommitListener listener =
        (versions, transaction) ->
            versions.forEach(order -> reported.merge(order.orderId(), order.version(), Math::max));

    // When
    PaymentService payments = new PaymentService(kafka, "payment-updates", version -> {});
    try (Shop shop = Shop.open(this::connect, products, payments, listener, 500, random)) {
      TimeUnit.SECONDS.sleep(3);
      shop.requireWell();
    }

    // Then
    Map<Long, OrderState> orders = shopState();
    Map<Long, Long> stored = new HashMap<>();
    orders.forEach((id, order) -> stored.put(id, order.version()));
    assertTrue(stored.equals(reported), "the reported versions are not those of the database");
    int placed = orders.size() - past.size();
    assertTrue(placed > 1_200 && placed < 1_800, placed + " orders placed");
    List<String> statuses = orders.values().stream().map(OrderState::status).distinct().toList();
    assertEquals(4, statuses.size(), statuses.toString());
    assertTotalsAreThoseOfTheItems();
    assertEquals(
        List.of(),
        kafka.history().stream()
            .map(update -> PaymentState.parse(update.value()).amount())
            .filter(amount -> amount.signum() <= 0)
            .toList());
    assertTrue(kafka.history().size() > placed);
  }

  @Test
  void pastOrdersTakeNoScarceProducts() throws SQLException {
    // When
    List<OrderVersion> past = Shop.createPastOrders(this::connect, products, 100, random);

    // Then
    Map<Long, OrderState> orders = shopState();
    List<String> skus =
        past.stream()
            .flatMap(
                order ->
                    Objects.requireNonNull(orders.get(order.orderId()))
                        .quantities()
                        .keySet()
                        .stream())
            .toList();
    assertTrue(skus.stream().noneMatch(sku -> sku.startsWith("RARE")), skus.toString());
  }

  private Connection connect() throws SQLException {
    return postgres.getPostgresDatabase().getConnection();
  }

  private Map<Long, OrderState> shopState() throws SQLException {
    try (Connection connection = connect()) {
      return Evidence.readShop(connection);
    }
  }

  private void assertTotalsAreThoseOfTheItems() throws SQLException {
    String differences =
        """
        SELECT count(*), coalesce(sum(o.total - i.total), 0) FROM orders o
        JOIN (SELECT order_id, sum(quantity * unit_price) AS total
                FROM order_items GROUP BY order_id) i ON i.order_id = o.id
        WHERE o.total <> i.total
        """;
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(differences)) {
      row.next();
      assertEquals(0, row.getLong(1));
      assertEquals(BigDecimal.ZERO, row.getBigDecimal(2));
    }
  }
}
