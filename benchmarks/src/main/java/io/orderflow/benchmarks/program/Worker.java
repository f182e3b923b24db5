package io.orderflow.benchmarks.program;

import java.io.IOException;
import java.sql.SQLException;

/** A thread of a program. It works until it is stopped or has done everything. */
public abstract class Worker {

  private final Thread thread;
  private volatile boolean stopped;

  protected Worker(String name) {
    this.thread = new Thread(this::run, name);
  }

  protected abstract void work() throws SQLException, IOException;

  private void run() {
    try {
      work();
    } catch (SQLException | IOException e) {
      throw new IllegalStateException(thread.getName() + " failed", e);
    }
  }

  protected boolean isStopped() {
    return stopped;
  }

  public void start() {
    thread.start();
  }

  /** Returns once the thread has ended; it need not do everything. */
  public void stop() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
