package io.orderflow.sink;

import static io.orderflow.sink.config.ConfigKeys.BACKORDERS;
import static io.orderflow.sink.config.ConfigKeys.RESERVATION_POLICY;
import static io.orderflow.sink.config.ConfigKeys.UNKNOWN_SKU_POLICY;

import io.orderflow.common.config.Setting;
import io.orderflow.common.config.SettingsGroup;
import io.orderflow.sink.plan.ReservationPolicy;
import io.orderflow.sink.plan.ReservationRules;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef.Type;

/** What happens to orders that need more than is available, or what is not in stock. */
final class ReservationSettings {

  private static final String ALL_OR_NOTHING = "all-or-nothing";
  private static final String PARTIAL = "partial";
  private static final String REJECT = "reject";
  private static final String IGNORE = "ignore";

  static final SettingsGroup GROUP =
      SettingsGroup.of(
          "Reservations",
          Setting.of(RESERVATION_POLICY, Type.STRING)
              .defaultsTo(ALL_OR_NOTHING)
              .oneOf(ALL_OR_NOTHING, PARTIAL)
              .documented(
                  "What happens to an order that reserves more than is available. all-or-nothing: it"
                      + " reserves nothing and is REJECTED. partial: it reserves what is available of"
                      + " each SKU, nothing of an unknown one, and is PARTIALLY_RESERVED, with the rest"
                      + " in the column backordered; it is REJECTED if nothing is available. In both"
                      + " cases its next version is decided again. Shipments are never split: they fit"
                      + " as a whole or are REJECTED."),
          Setting.of(UNKNOWN_SKU_POLICY, Type.STRING)
              .defaultsTo(REJECT)
              .oneOf(REJECT, IGNORE)
              .documented(
                  "What happens to an item whose SKU has no row in the stock table, at the named"
                      + " location or at any that may be chosen. reject: its order"
                      + " does not fit (reason UNKNOWN_SKU). ignore: the item is left out, as a service"
                      + " or a digital product; a version of the order that arrives when the row"
                      + " exists reserves it."),
          Setting.of(BACKORDERS, Type.BOOLEAN)
              .defaultsTo(false)
              .documented(
                  "Whether orders wait for what they could not reserve. When stock is received, released"
                      + " or adjusted, it goes to those that wait, first come, first served, before"
                      + " anybody else can reserve it. An order that has got everything is"
                      + " BACKORDER_FILLED, under the same version. With all-or-nothing it gets everything"
                      + " at once, with partial also parts. Only versions that are applied while this is"
                      + " true wait. It needs backorders-install.sql."));

  private ReservationSettings() {}

  static ReservationRules rules(AbstractConfig config) {
    return new ReservationRules(
        config.getString(RESERVATION_POLICY).equals(PARTIAL)
            ? ReservationPolicy.PARTIAL
            : ReservationPolicy.ALL_OR_NOTHING,
        config.getString(UNKNOWN_SKU_POLICY).equals(IGNORE),
        LocationSettings.rules(config),
        ExpirySettings.deadlines(config).areUsed(),
        config.getBoolean(BACKORDERS));
  }
}
