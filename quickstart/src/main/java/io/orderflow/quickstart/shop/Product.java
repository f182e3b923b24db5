package io.orderflow.quickstart.shop;

import java.math.BigDecimal;

/**
 * What the shop sells.
 *
 * @param onHand how many the warehouse has at the beginning
 */
public record Product(String sku, BigDecimal price, long onHand) {}
