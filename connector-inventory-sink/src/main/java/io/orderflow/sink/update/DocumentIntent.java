package io.orderflow.sink.update;

/** The purpose of a version of a stock document. */
public enum DocumentIntent {
  /** The quantity on hand was found to be more or less, by a signed difference. */
  ADJUST,
  /** So much was on hand at a certain time. */
  COUNT,
  /** Goods on hand must not be sold: they are damaged, or their quality is to be examined. */
  HOLD,
  /** Goods have left one location for another. */
  TRANSFER,
  /** The goods of a transfer have arrived. */
  TRANSFER_RECEIVED;

  /** Whether each line has two locations. */
  public boolean isTransfer() {
    return this == TRANSFER || this == TRANSFER_RECEIVED;
  }

  /**
   * Whether the document states a fact that the warehouse cannot refuse: goods that are gone are
   * gone, even if orders have reserved them. A transfer can be refused until its goods have
   * arrived.
   */
  public boolean isFact() {
    return this != TRANSFER;
  }

  /**
   * The effect of a line at its location; at that where the goods come from, if it is a transfer.
   *
   * @param quantity signed for {@link #ADJUST}, 0 or more for {@link #COUNT}, otherwise more than
   *     0. That of a count is everything that is on hand, and not a difference
   */
  public Effect effect(long quantity) {
    return switch (this) {
      case ADJUST, COUNT -> new Effect(0, quantity);
      case HOLD -> new Effect(0, 0, quantity, 0);
      case TRANSFER, TRANSFER_RECEIVED -> new Effect(0, -quantity);
    };
  }

  /** The effect of a line at the location that its goods are transferred to. */
  public Effect effectAtDestination(long quantity) {
    return switch (this) {
      case TRANSFER -> new Effect(0, 0, 0, quantity);
      case TRANSFER_RECEIVED -> new Effect(0, quantity);
      case ADJUST, COUNT, HOLD -> Effect.NONE;
    };
  }
}
