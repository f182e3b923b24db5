package io.orderflow.stack;

import java.nio.file.Path;

/** A server that runs as a process of its own on this machine. */
public interface LocalServer extends ControlledServer {
  /**
   * The ID of the process.
   *
   * @throws StackException if it does not run
   */
  long pid();

  /** What the process printed, over all its starts. */
  Path logFile();
}
