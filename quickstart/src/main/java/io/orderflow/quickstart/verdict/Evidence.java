package io.orderflow.quickstart.verdict;

import io.orderflow.quickstart.topic.OrdersTally;
import io.orderflow.quickstart.topic.PaymentsTally;
import java.util.Map;

/**
 * All that the verdict is made from, collected after the shop has closed.
 *
 * @param onHandAtFirst by SKU, what was put into the warehouse before the connectors started
 * @param deadLetters how many records are in the sink's dead-letter queue
 * @param oversoldAtLooks how many SKUs were found oversold while the shop was open, over all looks
 */
public record Evidence(
    ShopState shop,
    OrdersTally ordersTopic,
    PaymentsTally paymentsTopic,
    WarehouseState warehouse,
    Map<String, Long> onHandAtFirst,
    long deadLetters,
    long oversoldAtLooks) {}
