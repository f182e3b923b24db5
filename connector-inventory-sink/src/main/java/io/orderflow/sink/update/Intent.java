package io.orderflow.sink.update;

/** What an inventory update wants. */
public enum Intent {
  /** Keeps stock for the order. */
  RESERVE,
  /** The order wants nothing any more. */
  RELEASE,
  /** The goods have left. */
  SHIP,
  /** Goods have come in. */
  RECEIVE,
  /** What had left is back. */
  RETURN;

  /** What a quantity of one SKU does to its stock while the order is in this state. */
  public Effect effect(long quantity) {
    return switch (this) {
      case RESERVE -> new Effect(quantity, 0);
      case SHIP -> new Effect(0, -quantity);
      case RECEIVE -> new Effect(0, quantity);
      case RELEASE, RETURN -> Effect.NONE;
    };
  }

  /** Whether a quantity has any effect. */
  public boolean movesStock() {
    return this != RELEASE && this != RETURN;
  }
}
