package io.orderflow.source.log.pgoutput;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A row's values as the server sent them. It keeps the bytes of its message and where each value
 * begins, so that a value that nobody asks for costs nothing.
 */
public final class Tuple {

  /** What the server sent for a column. */
  public enum State {
    NULL,
    /** Nothing: a large value, stored out of line, that the update left as it was. */
    UNCHANGED,
    TEXT,
    BINARY
  }

  private final byte[] message;

  /** Where each column's state stands; length and value follow it where there is one. */
  private final int[] places;

  Tuple(byte[] message, int[] places) {
    this.message = message;
    this.places = places;
  }

  /** How many columns there are. */
  public int size() {
    return places.length;
  }

  /**
   * What there is of a column.
   *
   * @param column counted from 0, in the order of {@link LogMessage.Relation#columns()}
   */
  public State state(int column) {
    return switch (message[places[column]]) {
      case 'n' -> State.NULL;
      case 'u' -> State.UNCHANGED;
      case 't' -> State.TEXT;
      default -> State.BINARY;
    };
  }

  /**
   * A value's text.
   *
   * @throws IllegalStateException when the column's state is not {@link State#TEXT}
   */
  public String text(int column) {
    require(State.TEXT, column);
    int place = places[column];
    return new String(message, place + 5, length(place), StandardCharsets.UTF_8);
  }

  /**
   * A value in the binary form of its type.
   *
   * @throws IllegalStateException when the column's state is not {@link State#BINARY}
   */
  public byte[] binary(int column) {
    require(State.BINARY, column);
    int place = places[column];
    return Arrays.copyOfRange(message, place + 5, place + 5 + length(place));
  }

  private void require(State expected, int column) {
    State found = state(column);
    if (found != expected) {
      throw new IllegalStateException(
          "column %d: expected a value as %s, found %s".formatted(column, expected, found));
    }
  }

  private int length(int place) {
    return (message[place + 1] & 0xff) << 24
        | (message[place + 2] & 0xff) << 16
        | (message[place + 3] & 0xff) << 8
        | (message[place + 4] & 0xff);
  }

  /** Never the values: they may be personal. */
  @Override
  public String toString() {
    return "Tuple[" + places.length + " columns]";
  }
}
