package io.orderflow.sink.warehouse;

/**
 * What a batch requires of the tables' scale. SQL that reads stock returns the scale as well: a
 * conversion first locks the table of stock exclusively, so that it is complete before a batch
 * reads stock, or waits for the batch to end.
 *
 * @param sql an expression for the number of decimals in which the tables count now
 * @param decimals the number of decimals that the batch's quantities have
 */
public record ScaleGuard(String sql, int decimals) {}
