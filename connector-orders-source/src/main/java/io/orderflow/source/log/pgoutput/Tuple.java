package io.orderflow.source.log.pgoutput;

import java.nio.charset.StandardCharsets;

/**
 * A row's values as the server sent them. It keeps the bytes of its message and the start of each
 * value, so that values that are not used cost nothing.
 */
public final class Tuple {

  /** The form in which the server sent a column. */
  public enum State {
    NULL,
    /** Not sent: an out-of-line (TOAST) value that the update did not change. */
    UNCHANGED,
    TEXT
  }

  private final byte[] message;

  /** The index of each column's state; for text, its length and value follow. */
  private final int[] starts;

  Tuple(byte[] message, int[] starts) {
    this.message = message;
    this.starts = starts;
  }

  /** The number of columns. */
  public int size() {
    return starts.length;
  }

  /**
   * The form in which a column was sent.
   *
   * @param column counted from 0, in the order of {@link LogMessage.Relation#columns()}
   */
  public State state(int column) {
    return switch (message[starts[column]]) {
      case 'n' -> State.NULL;
      case 'u' -> State.UNCHANGED;
      default -> State.TEXT;
    };
  }

  /**
   * A value's text.
   *
   * @throws IllegalStateException when the column's state is not {@link State#TEXT}
   */
  public String text(int column) {
    require(State.TEXT, column);
    int start = starts[column];
    return new String(message, start + 5, length(start), StandardCharsets.UTF_8);
  }

  private void require(State expected, int column) {
    State found = state(column);
    if (found != expected) {
      throw new IllegalStateException(
          "column %d: expected a value as %s, found %s".formatted(column, expected, found));
    }
  }

  private int length(int start) {
    return (message[start + 1] & 0xff) << 24
        | (message[start + 2] & 0xff) << 16
        | (message[start + 3] & 0xff) << 8
        | (message[start + 4] & 0xff);
  }

  /** Never the values: they may be personal. */
  @Override
  public String toString() {
    return "Tuple[" + starts.length + " columns]";
  }
}
