package io.orderflow.sink.update;

/** The purpose of an inventory update. */
public enum Intent {
  /** Reserves stock for the order. */
  RESERVE,
  /** Releases what the order had reserved. */
  RELEASE,
  /** Goods of the order have left the warehouse. */
  SHIP,
  /** Goods have arrived. */
  RECEIVE,
  /** Goods that had been shipped are back. */
  RETURN,
  /** The order is being edited: its effects remain as they are. */
  KEEP;

  /** The effect of a quantity of one SKU on its stock, as long as the order has this intent. */
  public Effect effect(long quantity) {
    return switch (this) {
      case RESERVE -> new Effect(quantity, 0);
      case SHIP -> new Effect(0, -quantity);
      case RECEIVE -> new Effect(0, quantity);
      case RELEASE, RETURN, KEEP -> Effect.NONE;
    };
  }

  /** Whether a quantity has any effect. */
  public boolean movesStock() {
    return this == RESERVE || this == SHIP || this == RECEIVE;
  }
}
