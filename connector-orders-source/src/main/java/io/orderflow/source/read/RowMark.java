package io.orderflow.source.read;

import java.util.stream.Stream;

/** What a row stands for that a statement has found. */
public enum RowMark {
  /** An order to emit. */
  ORDER(0),
  /** An order that the condition of the captured orders leaves out. */
  FILTERED(1),
  /** A deleted order, of which only the ID and the version are known. */
  DELETED(2),
  /** An order that has a row and counts as deleted. */
  HIDDEN(3);

  private final int code;

  RowMark(int code) {
    this.code = code;
  }

  /** The mark that SQL returns. */
  public static RowMark of(int code) {
    return Stream.of(values()).filter(mark -> mark.code == code).findFirst().orElseThrow();
  }

  /** The mark in SQL; an integer. */
  public int code() {
    return code;
  }
}
