package io.orderflow.quickstart.shop;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * All products: most are ample, and some are scarce enough to run out.
 *
 * @param ample of unequal popularity, the first one the most popular
 * @param scarce all equally wanted
 */
public record Products(List<Product> ample, List<Product> scarce) {

  /**
   * An article of the shop.
   *
   * @param onHand how many the warehouse has at the beginning
   */
  record Product(String sku, BigDecimal price, long onHand) {}

  private static final int AMPLE = 490;
  private static final int SCARCE = 10;

  /** The share of order lines that want a scarce product. */
  private static final double SCARCE_SHARE = 0.05;

  private static final double LINES_PER_ORDER = 2.5;
  private static final double QUANTITY_PER_LINE = 2;

  /**
   * Products of which the scarce part is sold out after about half of the orders.
   *
   * @param expectedOrders how many will want a share of the scarce
   */
  public static Products forOrders(long expectedOrders, RandomGenerator random) {
    double wanted = expectedOrders * LINES_PER_ORDER * SCARCE_SHARE * QUANTITY_PER_LINE / SCARCE;
    List<Product> ample = new ArrayList<>();
    for (int i = 1; i <= AMPLE; i++) {
      ample.add(new Product("SKU-%04d".formatted(i), price(random), 10_000_000));
    }
    List<Product> scarce = new ArrayList<>();
    for (int i = 1; i <= SCARCE; i++) {
      scarce.add(
          new Product("RARE-%02d".formatted(i), price(random), Math.max(5, (long) wanted / 2)));
    }
    return new Products(List.copyOf(ample), List.copyOf(scarce));
  }

  /** The product that a customer chooses. */
  Product any(RandomGenerator random) {
    return random.nextDouble() < SCARCE_SHARE
        ? scarce.get(random.nextInt(scarce.size()))
        : anyAmple(random);
  }

  /** The product of a past order, when scarce products were not on sale. */
  Product anyAmple(RandomGenerator random) {
    double skewed = Math.pow(random.nextDouble(), 3);
    return ample.get((int) (skewed * ample.size()));
  }

  /** By SKU, the initial stock. */
  public Map<String, Long> onHand() {
    Map<String, Long> onHand = new LinkedHashMap<>();
    ample.forEach(product -> onHand.put(product.sku(), product.onHand()));
    scarce.forEach(product -> onHand.put(product.sku(), product.onHand()));
    return onHand;
  }

  private static BigDecimal price(RandomGenerator random) {
    return BigDecimal.valueOf(random.nextLong(199, 20_000), 2);
  }
}
