package io.orderflow.source.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.Validation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CandidateTablesTest {

  private final Shop shop = Postgres.newShop();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "eshop | ordering.orders | Id | ordering.orderItems | OrderId",
        "medusa | public.order | id | public.order_item | order_id",
        "odoo | public.sale_order | id | public.sale_order_line | order_id",
        "oscar | public.order_order | id | public.order_line | order_id",
        "saleor | public.order_order | id | public.order_orderline | order_id",
        "solidus | public.spree_orders | id | public.spree_line_items | order_id",
        "spree | public.spree_orders | id | public.spree_line_items | order_id",
        "sylius | public.sylius_order | id | public.sylius_order_item | order_id",
        "tpcc | public.oorder | o_w_id,o_d_id,o_id | public.order_line | ol_w_id,ol_d_id,ol_o_id",
      })
  void tablesOfRealShopsAreFound(
      String tables, String orders, String id, String items, String orderId) throws IOException {
    // Given
    shop.run(statements(tables));
    Map<String, String> settings = new HashMap<>(shop.settings(Map.of()));
    settings.put("orders.table", "no_orders");

    // When
    List<String> lines = lines(settings, "orders.table");

    // Then
    assertEquals(
        "orders.table=%s, orders.id.column=%s, items.table=%s, items.order.id.column=%s"
            .formatted(orders, id, items, orderId),
        lines.get(1),
        () -> String.join("\n", lines));
    assertTrue(lines.size() <= 6, () -> String.join("\n", lines));
    // The settings are those that the connector accepts.
    settings.put("capture", "log");
    settings.put("orders.table", orders);
    settings.put("orders.id.column", id);
    settings.put("items.table", items);
    settings.put("items.order.id.column", orderId);
    Map<String, List<String>> findings = Validation.findings(settings);
    assertTrue(
        findings.values().stream()
            .flatMap(List::stream)
            .noneMatch(message -> message.contains("has no") && !message.contains("has no index")),
        findings::toString);
  }

  @Test
  void itemsOfTheNamedOrdersAreFound() {
    // Given
    shop.run(
        """
        CREATE TABLE orders (id bigint PRIMARY KEY, status text);
        CREATE TABLE "Purchases" (id uuid PRIMARY KEY, total numeric, "Buyer.Id" int);
        CREATE TABLE parts (purchase_id uuid, sku text, qty int);
        CREATE TABLE order_rows (order_id bigint, sku text, qty int);
        """);
    Map<String, String> settings = new HashMap<>(shop.settings(Map.of()));
    settings.put("orders.table", "Purchases");

    // When
    List<String> lines = lines(settings, "items.table");

    // Then
    assertEquals(
        List.of(
            "orders.table=public.Purchases, orders.id.column=id, items.table=public.parts, items.order.id.column=purchase_id"),
        lines.subList(1, lines.size()));
  }

  @ParameterizedTest
  @CsvSource({"order_no, order_no", "id_order, id_order", "nr, id_order"})
  void columnsCalledAfterTheOrdersAreFoundWithoutForeignKeys(String id, String orderId) {
    // Given
    shop.run(
        """
        CREATE TABLE ps_orders (%s int PRIMARY KEY, current_state int);
        CREATE TABLE ps_order_detail (id_order_detail int PRIMARY KEY, %s int, product_quantity int);
        """
            .formatted(id, orderId));

    // When
    List<String> lines = lines(shop.settings(Map.of()), "orders.table");

    // Then
    assertEquals(
        "orders.table=public.ps_orders, orders.id.column=%s, items.table=public.ps_order_detail, items.order.id.column=%s"
            .formatted(id, orderId),
        lines.get(lines.size() - 1));
  }

  @Test
  void headersAndLinesAreFound() {
    // Given
    shop.run(
        """
        CREATE TABLE sales_headers (header_id uuid PRIMARY KEY, doc_no varchar(20), customer_no int);
        CREATE TABLE sales_lines (header_id uuid REFERENCES sales_headers, line_no int, article_no int, qty numeric(12,3),
          PRIMARY KEY (header_id, line_no));
        CREATE TABLE sales_line_status (header_id uuid, line_no int, status_code char(2), PRIMARY KEY (header_id, line_no));
        CREATE TABLE sales_status_history (id bigint PRIMARY KEY, header_id uuid REFERENCES sales_headers, status_code char(2));
        """);

    // When
    List<String> lines = lines(shop.settings(Map.of()), "orders.table");

    // Then
    assertEquals(
        List.of(
            "orders.table=public.sales_headers, orders.id.column=header_id, items.table=public.sales_lines, items.order.id.column=header_id"),
        lines.subList(1, lines.size()));
  }

  @Test
  void databaseWithoutOrdersHasNoCandidates() {
    // Given
    shop.run("CREATE TABLE books (id int PRIMARY KEY, title text)");

    // When
    List<String> lines = lines(shop.settings(Map.of()), "orders.table");

    // Then
    assertEquals(
        List.of(
            "this database has no table \"public\".\"orders\"; name the tables of your orders and their items"),
        lines);
  }

  private static List<String> lines(Map<String, String> settings, String key) {
    return Objects.requireNonNull(Validation.findings(settings).get(key)).get(0).lines().toList();
  }

  private static String statements(String tables) throws IOException {
    try (InputStream in =
        CandidateTablesTest.class.getResourceAsStream("shops/" + tables + ".sql")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
