package io.orderflow.sink.plan;

import io.orderflow.sink.update.Effect;

/** What one order does to one SKU. */
public record Line(Object orderId, String sku, Effect effect) {}
