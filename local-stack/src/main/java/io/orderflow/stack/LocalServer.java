package io.orderflow.stack;

import java.nio.file.Path;

/**
 * A server that runs as a process of its own on this machine, and what a test may do to it. Address
 * and data stay the same from one start to the next.
 */
public interface LocalServer {
  /** Starts it and returns once it answers; does nothing while it runs. */
  void start();

  /** Asks it to end, and waits until it has. */
  void stop();

  /** Ends it with signal 9, as a crash would. Returns once the process is gone. */
  void killHard();

  /** Freezes it (SIGSTOP): its connections stay open and nobody answers. */
  void pause();

  /** Lets it go on after {@link #pause}. */
  void resume();

  /** Whether the process lives, paused or not. */
  boolean isRunning();

  /**
   * The ID of the process.
   *
   * @throws StackException if it does not run
   */
  long pid();

  /** What the process printed, over all its starts. */
  Path logFile();
}
