package io.orderflow.source.log;

import io.orderflow.source.log.change.DatabaseTransaction;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Transactions that are read ahead, limited by their number and by the bytes of their messages. One
 * thread adds, another takes, any thread may read the sizes.
 */
final class TransactionQueue {

  private final int maxTransactions;
  private final long maxBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<DatabaseTransaction> transactions = new ArrayDeque<>();
  private long bytes;
  private long orders;

  TransactionQueue(int maxTransactions, long maxBytes) {
    this.maxTransactions = maxTransactions;
    this.maxBytes = maxBytes;
  }

  /** Waits for room and adds a transaction; false if there was no room within the given time. */
  boolean offer(DatabaseTransaction transaction, Duration wait) throws InterruptedException {
    long left = wait.toNanos();
    lock.lockInterruptibly();
    try {
      while (transactions.size() >= maxTransactions || bytes > maxBytes) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      transactions.add(transaction);
      bytes += transaction.bytes();
      orders += transaction.size();
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes transactions until they have {@code maxOrders} orders, which the last one may exceed;
   * waits for the first.
   *
   * @return empty if none was added within the given time
   */
  List<DatabaseTransaction> take(int maxOrders, Duration wait) throws InterruptedException {
    long left = wait.toNanos();
    lock.lockInterruptibly();
    try {
      while (transactions.isEmpty()) {
        if (left <= 0) {
          return List.of();
        }
        left = changed.awaitNanos(left);
      }
      List<DatabaseTransaction> taken = new ArrayList<>();
      int takenOrders = 0;
      while (takenOrders < maxOrders && !transactions.isEmpty()) {
        DatabaseTransaction next = transactions.remove();
        taken.add(next);
        takenOrders += next.size();
        bytes -= next.bytes();
      }
      orders -= takenOrders;
      changed.signalAll();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return transactions.size();
    } finally {
      lock.unlock();
    }
  }

  /** The orders of its transactions; each counts once per transaction. */
  long orders() {
    lock.lock();
    try {
      return orders;
    } finally {
      lock.unlock();
    }
  }
}
