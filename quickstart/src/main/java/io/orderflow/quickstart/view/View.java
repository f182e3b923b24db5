package io.orderflow.quickstart.view;

import io.orderflow.quickstart.observe.Figures;
import java.time.Duration;

/** Shows the demo: on a terminal, or as lines. */
public interface View extends AutoCloseable {

  /** The view that suits the standard output. */
  static View ofStandardOutput() {
    return TerminalView.isPossible() ? TerminalView.open() : new LineView(System.out);
  }

  /** How often {@link #show} should be called. */
  Duration every();

  /** Shows the figures of this moment. */
  void show(Figures figures);

  /** Prints a line that stays. */
  void say(String line);

  @Override
  void close();
}
