package io.orderflow.sink;

import io.orderflow.sink.plan.ReservationPolicy;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** What becomes of orders that want more than there is: {@code reservation.policy}. */
final class ReservationSettings {

  private static final String POLICY = "reservation.policy";
  private static final String ALL_OR_NOTHING = "all-or-nothing";
  private static final String PARTIAL = "partial";

  private ReservationSettings() {}

  static void define(ConfigDef definition) {
    definition.define(
        POLICY,
        Type.STRING,
        ALL_OR_NOTHING,
        ConfigDef.ValidString.in(ALL_OR_NOTHING, PARTIAL),
        Importance.MEDIUM,
        "What becomes of an order that is to be reserved and wants more than there is."
            + " all-or-nothing: it reserves nothing, and is REJECTED. partial: it reserves of each"
            + " SKU what there is, nothing of one that is unknown; it is PARTIALLY_RESERVED, with"
            + " the rest in the column backordered, or REJECTED if there is nothing at all. Either"
            + " way its next version is tried afresh. Shipments are never split: they fit as a"
            + " whole, or are REJECTED.",
        "Reservations",
        1,
        Width.SHORT,
        POLICY);
  }

  static ReservationPolicy policy(AbstractConfig config) {
    return config.getString(POLICY).equals(PARTIAL)
        ? ReservationPolicy.PARTIAL
        : ReservationPolicy.ALL_OR_NOTHING;
  }
}
