package io.orderflow.stack;

/**
 * A server that its user may stop, kill and freeze, wherever it runs. Address and data stay the
 * same from one start to the next.
 */
public interface ControlledServer {
  /** Starts it and returns once it answers; does nothing while it runs. */
  void start();

  /** Asks it to end, and waits until it has. */
  void stop();

  /** Ends it with signal 9, as a crash would. Returns once it is gone. */
  void killHard();

  /** Freezes it: its connections stay open and nobody answers. */
  void pause();

  /** Lets it continue after {@link #pause}. */
  void resume();

  /** Whether it lives, paused or not. */
  boolean isRunning();
}
