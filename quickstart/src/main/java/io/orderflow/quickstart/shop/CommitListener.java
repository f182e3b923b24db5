package io.orderflow.quickstart.shop;

import java.util.List;

/** Is told of the versions that a transaction of the shop made, once it is committed. */
@FunctionalInterface
public interface CommitListener {

  /**
   * Called by many threads.
   *
   * @param atNanos when the commit returned, as {@link System#nanoTime} has it
   */
  void committed(List<OrderVersion> versions, long atNanos);
}
