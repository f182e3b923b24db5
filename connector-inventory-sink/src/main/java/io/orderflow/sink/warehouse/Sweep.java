package io.orderflow.sink.warehouse;

import java.sql.SQLException;
import java.util.Optional;

/**
 * Changes orders at a time at which no record of theirs arrives: in one transaction it locks
 * orders, writes their outcomes, and then changes stock, as a batch does. Only one transaction of
 * all tasks does so at a time. For one thread.
 */
public interface Sweep {

  /** So that a batch which wants one of the orders or stock rows waits for milliseconds only. */
  int MAX_ORDERS = 500;

  /**
   * Changes orders in one transaction: all that it has found, or nothing if it throws.
   *
   * @return whether more orders may be left
   * @throws ConcurrentChangeException if another transaction was faster, or if a trigger suppresses
   *     or changes a row
   * @throws ChangedScaleException if the tables count in other steps now
   */
  boolean sweep(int maxOrders) throws SQLException;

  /** The order that the last transaction was to change; empty if it was none, or several. */
  Optional<Object> soleOrder();
}
