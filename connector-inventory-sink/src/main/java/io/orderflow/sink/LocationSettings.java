package io.orderflow.sink;

import static io.orderflow.sink.config.ConfigKeys.LOCATIONS;
import static io.orderflow.sink.config.ConfigKeys.LOCATION_POLICY;
import static io.orderflow.sink.config.ConfigKeys.LOCATION_SPLIT;

import io.orderflow.common.config.Finding;
import io.orderflow.common.config.Setting;
import io.orderflow.common.config.SettingsGroup;
import io.orderflow.sink.plan.LocationPolicy;
import io.orderflow.sink.plan.LocationRules;
import io.orderflow.sink.plan.LocationSplit;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef.Type;

/** How the stock location of a line is chosen if its record names none. */
final class LocationSettings {

  private static final String NONE = "none";
  private static final String FIXED = "fixed";
  private static final String PRIORITY = "priority";
  private static final String MOST_STOCK = "most-stock";
  private static final String LINES = "lines";
  private static final String QUANTITIES = "quantities";

  static final SettingsGroup GROUP =
      SettingsGroup.of(
          "Locations",
          Setting.of(LOCATION_POLICY, Type.STRING)
              .defaultsTo(NONE)
              .oneOf(NONE, FIXED, PRIORITY, MOST_STOCK)
              .documented(
                  "How the stock location is chosen for an item whose record names none. none: it"
                      + " uses stock without a location. fixed: the first of locations. priority: the"
                      + " first of locations that has enough. most-stock: the one with the greatest"
                      + " available quantity, after which the scarcest item of the order leaves most."
                      + " An order keeps its locations in later versions as long as they have enough."),
          Setting.of(LOCATIONS, Type.LIST)
              .defaultsTo(List.of())
              .documented(
                  "Locations that may be chosen, the most preferred first. With most-stock they may"
                      + " be left out: then any location with a row in the stock table may be chosen."
                      + " Goods that are received without a location go to the first."),
          Setting.of(LOCATION_SPLIT, Type.STRING)
              .defaultsTo(NONE)
              .oneOf(NONE, LINES, QUANTITIES)
              .documented(
                  "Whether an order without enough stock at one location may be split. none: all of"
                      + " its items come from one location. lines: each SKU comes from one location."
                      + " quantities: the quantity of an SKU may come from several locations. It"
                      + " concerns items whose record names no location."));

  private LocationSettings() {}

  static LocationRules rules(AbstractConfig config) {
    return new LocationRules(
        policy(config),
        config.getList(LOCATIONS),
        switch (config.getString(LOCATION_SPLIT)) {
          case LINES -> LocationSplit.LINES;
          case QUANTITIES -> LocationSplit.QUANTITIES;
          default -> LocationSplit.NONE;
        });
  }

  private static LocationPolicy policy(AbstractConfig config) {
    return LocationPolicy.valueOf(
        config.getString(LOCATION_POLICY).toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** A policy without the locations that it needs, or locations without a policy. */
  static List<Finding> findings(AbstractConfig config) {
    List<String> locations = config.getList(LOCATIONS);
    return switch (policy(config)) {
      case NONE ->
          locations.isEmpty()
              ? List.of()
              : List.of(
                  new Finding(
                      LOCATION_POLICY,
                      "locations is set, but no location is chosen; set location.policy, or remove"
                          + " locations"));
      case FIXED, PRIORITY ->
          locations.isEmpty()
              ? List.of(
                  new Finding(
                      LOCATIONS,
                      "location.policy=%s needs a location; list the locations, the most preferred first"
                          .formatted(config.getString(LOCATION_POLICY))))
              : repeated(locations);
      case MOST_STOCK -> repeated(locations);
    };
  }

  private static List<Finding> repeated(List<String> locations) {
    return new HashSet<>(locations).size() == locations.size()
            && locations.stream().noneMatch(String::isBlank)
        ? List.of()
        : List.of(
            new Finding(
                LOCATIONS, locations + " names a location twice, or an empty one; remove it"));
  }
}
