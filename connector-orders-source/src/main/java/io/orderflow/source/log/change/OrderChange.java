package io.orderflow.source.log.change;

import java.util.List;

/**
 * What one transaction did to one order, its row and its items.
 *
 * @param orderId as text
 * @param steps in the order in which they were made
 * @param complete false where all but a deletion is missing, for the transaction was too large to
 *     keep its steps: only a look-up tells what the order has become
 */
public record OrderChange(String orderId, List<RowChange> steps, boolean complete) {}
