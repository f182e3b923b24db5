package io.orderflow.quickstart.view;

import java.time.Duration;

/** Where the demo is shown: a terminal, or anything that takes lines. */
public interface View extends AutoCloseable {

  /** The view that suits the standard output. */
  static View ofStandardOutput() {
    return TerminalView.isPossible() ? TerminalView.open() : new LineView(System.out);
  }

  /** How often {@link #show} should be called. */
  Duration every();

  /** Shows how things stand. */
  void show(Figures figures);

  /** Prints a line that stays. */
  void say(String line);

  @Override
  void close();
}
