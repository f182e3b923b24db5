package io.orderflow.stack;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Compares a warehouse with a shop's own account, which separate SQL computes from the shop's
 * tables.
 *
 * @param stock query of the shop for {@code sku}, {@code reserved} and {@code moved}, which is the
 *     change of the quantity on hand
 * @param payments query of the shop for {@code order_id}, {@code due}, {@code paid} and {@code
 *     refunded}; empty if the shop keeps no payments
 */
public record ShopComparison(String stock, String payments) {
  private static final String STOCK_OF_WAREHOUSE = "SELECT sku, reserved, moved FROM stock_units";
  private static final String PAYMENTS_OF_WAREHOUSE =
      "SELECT order_id::text, due, paid, refunded FROM payments_balance";

  /** What the shop says, as text. */
  public String account(Connection shop) throws SQLException {
    return read(shop, stock) + (payments.isEmpty() ? "" : read(shop, payments).toString());
  }

  /** What differs, in words; empty if the warehouse has what the shop says. */
  public List<String> differences(Connection shop, Connection warehouse) throws SQLException {
    List<String> differences = new ArrayList<>();
    compare(
        "SKU %s: reserved, moved are %s, and by the shop's rules %s",
        read(shop, stock), read(warehouse, STOCK_OF_WAREHOUSE), differences);
    if (!payments.isEmpty()) {
      Map<String, List<BigDecimal>> expected = read(shop, payments);
      Map<String, List<BigDecimal>> found = read(warehouse, PAYMENTS_OF_WAREHOUSE);
      // The amount due of a deleted order remains known, but nothing is paid for it.
      found.replaceAll((id, at) -> expected.containsKey(id) ? at : withoutDue(at));
      compare(
          "order %s: due, paid, refunded are %s, and by the shop's rules %s",
          expected, found, differences);
    }
    return differences;
  }

  private static List<BigDecimal> withoutDue(List<BigDecimal> payment) {
    List<BigDecimal> without = new ArrayList<>(payment);
    without.set(0, BigDecimal.ZERO);
    return without;
  }

  private static void compare(
      String words,
      Map<String, List<BigDecimal>> expected,
      Map<String, List<BigDecimal>> found,
      List<String> differences) {
    Map<String, List<BigDecimal>> all = new TreeMap<>(expected);
    found.forEach((key, row) -> all.putIfAbsent(key, zeros(row.size())));
    all.forEach(
        (key, row) -> {
          List<BigDecimal> actual = found.getOrDefault(key, zeros(row.size()));
          if (!actual.equals(row)) {
            differences.add(words.formatted(key, text(actual), text(row)));
          }
        });
  }

  private static List<BigDecimal> zeros(int count) {
    return Collections.nCopies(count, BigDecimal.ZERO);
  }

  private static String text(List<BigDecimal> row) {
    return row.stream().map(BigDecimal::toPlainString).collect(Collectors.joining(", "));
  }

  private static Map<String, List<BigDecimal>> read(Connection connection, String query)
      throws SQLException {
    Map<String, List<BigDecimal>> rows = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      int columns = row.getMetaData().getColumnCount();
      while (row.next()) {
        List<BigDecimal> numbers = new ArrayList<>();
        for (int column = 2; column <= columns; column++) {
          numbers.add(number(row, column));
        }
        if (rows.put(row.getString(1), numbers) != null) {
          throw new StackException("Two rows for " + row.getString(1) + " in: " + query);
        }
      }
    }
    return rows;
  }

  private static BigDecimal number(ResultSet row, int column) throws SQLException {
    BigDecimal number = row.getBigDecimal(column);
    return number == null || number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
  }
}
