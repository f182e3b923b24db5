package io.orderflow.sink.plan;

/**
 * How orders reserve stock.
 *
 * @param policy for orders that ask for more than is available
 * @param ignoresUnknownSkus whether an SKU without a stock row, such as that of a service, is left
 *     out of an order instead of rejecting it
 * @param locations how the location of a line is chosen that names none
 * @param expire whether reservations can have a deadline
 * @param backorders whether orders wait for what they could not reserve
 */
public record ReservationRules(
    ReservationPolicy policy,
    boolean ignoresUnknownSkus,
    LocationRules locations,
    boolean expire,
    boolean backorders) {

  /** Rules without backorders. */
  public ReservationRules(
      ReservationPolicy policy,
      boolean ignoresUnknownSkus,
      LocationRules locations,
      boolean expire) {
    this(policy, ignoresUnknownSkus, locations, expire, false);
  }

  /** Rules of reservations that never expire. */
  public ReservationRules(
      ReservationPolicy policy, boolean ignoresUnknownSkus, LocationRules locations) {
    this(policy, ignoresUnknownSkus, locations, false);
  }
}
