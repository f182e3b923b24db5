package io.orderflow.quickstart.view;

import io.orderflow.quickstart.observe.Figures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;

/** A board below the printed lines, drawn in place. Thread-safe. */
final class TerminalView implements View {

  private final Terminal terminal;
  private final Display display;
  private List<AttributedString> drawn = List.of();
  private boolean closed;

  private TerminalView(Terminal terminal) {
    this.terminal = terminal;
    this.display = new Display(terminal, false);
  }

  /**
   * Whether the standard output is a terminal that can move its cursor. Java has no portable way to
   * ask before version 22; quickstart.sh passes the answer as a system property.
   */
  static boolean isPossible() {
    String type = System.getenv("TERM");
    return Boolean.getBoolean("orderflow.terminal") && type != null && !type.equals("dumb");
  }

  static TerminalView open() {
    try {
      // Ctrl-C must end the process, so the terminal does not handle signals.
      return new TerminalView(
          TerminalBuilder.builder().system(true).dumb(true).nativeSignals(false).build());
    } catch (IOException e) {
      throw new UncheckedIOException("Could not open the terminal", e);
    }
  }

  @Override
  public Duration every() {
    return Duration.ofMillis(250);
  }

  @Override
  public synchronized void show(Figures figures) {
    if (!closed) {
      draw(Board.of(figures, width()));
    }
  }

  private int width() {
    // A terminal that does not know its size says 0.
    return Math.max(40, terminal.getColumns());
  }

  private void draw(List<AttributedString> lines) {
    display.resize(Size.of(width(), Math.max(lines.size() + 1, terminal.getRows())));
    display.update(lines, -1);
    terminal.flush();
    drawn = lines;
  }

  @Override
  public synchronized void say(String line) {
    List<AttributedString> board = drawn;
    display.resize(Size.of(width(), Math.max(board.size() + 1, terminal.getRows())));
    // The line is printed where the board begins.
    display.update(List.of(), 0);
    terminal.writer().println(line);
    terminal.flush();
    display.reset();
    if (!closed) {
      draw(board);
    }
  }

  /** Leaves the last board on the screen; later lines are printed below it. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      display.update(drawn, -1);
      terminal.writer().println();
      terminal.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Could not restore the terminal", e);
    }
  }
}
