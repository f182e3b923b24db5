package io.orderflow.source.log.change;

import io.orderflow.source.schema.WatchedTable;

/**
 * A reference of a changed row to the first table of its path to an order. Only a look-up shows the
 * order.
 *
 * @param watched the table of the row
 * @param key the referring columns as one text, see {@link io.orderflow.source.schema.OrderIdText}
 */
public record WatchReference(WatchedTable watched, String key) {}
