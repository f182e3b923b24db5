package io.orderflow.sink.apply;

/**
 * A kind of sweep, as messages call it.
 *
 * @param suffix of the name of its threads
 * @param activity what it does
 * @param change what it does with orders
 * @param changeOfOne what it does with one order, whose ID follows
 * @param consequence what does not happen any more if it stops
 */
record SweepKind(
    String suffix, String activity, String change, String changeOfOne, String consequence) {

  static final SweepKind EXPIRY =
      new SweepKind(
          "-sweeper",
          "Releasing expired reservations",
          "the release of expired reservations",
          "the release of the expired reservation of order ",
          "no reservation expires");

  static final SweepKind BACKORDERS =
      new SweepKind(
          "-backorders",
          "Filling backorders",
          "the filling of backorders",
          "the filling of the backorder of order ",
          "no backorder is filled");
}
