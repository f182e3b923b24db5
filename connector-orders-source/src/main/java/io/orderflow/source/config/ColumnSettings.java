package io.orderflow.source.config;

import io.orderflow.common.config.Finding;
import io.orderflow.source.schema.ColumnRules;
import io.orderflow.source.schema.HashKey;
import io.orderflow.source.schema.TableRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.types.Password;

/** Which columns events do not tell as they are. */
record ColumnSettings(ColumnRules rules) {

  static final String EXCLUDE = "columns.exclude";
  static final String HASH = "columns.hash";
  static final String HASH_KEY = "columns.hash.key";
  static final String TRACEPARENT = "traceparent.column";

  private static final String OF_ITEMS = "items.";
  private static final int SHORTEST_KEY = 16;

  static ConfigDef define(ConfigDef definition) {
    SettingsGroup group = new SettingsGroup(definition, "Columns");
    group.define(
        EXCLUDE,
        Type.LIST,
        List.of(),
        null,
        Importance.MEDIUM,
        "Columns that are not read and are no fields of events: names of the orders table's, or items."
            + " and the name for the items table's. One that is missing is an error, since it may have"
            + " been renamed.");
    group.define(
        HASH,
        Type.LIST,
        List.of(),
        null,
        Importance.MEDIUM,
        "Columns of which events have a string instead of the value: its HMAC-SHA-256 in 64 hexadecimal"
            + " digits. The same value has the same hash, and null stays null. Named as in "
            + EXCLUDE
            + ".");
    group.define(
        HASH_KEY,
        Type.PASSWORD,
        null,
        null,
        Importance.MEDIUM,
        "The key of the hashes, of "
            + SHORTEST_KEY
            + " characters or more. With another key every hash is another one.");
    group.define(
        TRACEPARENT,
        Type.STRING,
        "",
        null,
        Importance.LOW,
        "Column of the orders table with a W3C traceparent, which becomes the event's header of that"
            + " name and is no field. Empty: events have no such header.");
    return definition;
  }

  static ColumnSettings of(AbstractConfig config) {
    Password key = config.getPassword(HASH_KEY);
    String traceparent = config.getString(TRACEPARENT).strip();
    return new ColumnSettings(
        new ColumnRules(
            new TableRules(ofOrders(config, EXCLUDE), ofOrders(config, HASH)),
            new TableRules(ofItems(config, EXCLUDE), ofItems(config, HASH)),
            key == null || key.value().isEmpty() ? null : new HashKey(key.value()),
            traceparent.isEmpty() ? null : traceparent));
  }

  /** What contradicts itself among the settings, though each is of the right form. */
  static List<Finding> findings(AbstractConfig config) {
    List<Finding> findings = new ArrayList<>();
    Password key = config.getPassword(HASH_KEY);
    if (!config.getList(HASH).isEmpty() && (key == null || key.value().length() < SHORTEST_KEY)) {
      findings.add(
          new Finding(
              HASH_KEY,
              "expected a secret of %d characters or more, since %s is set, found %s"
                  .formatted(SHORTEST_KEY, HASH, key == null ? "none" : "a shorter one")));
    }
    Set<String> both = new HashSet<>(config.getList(EXCLUDE));
    both.retainAll(config.getList(HASH));
    if (!both.isEmpty()) {
      findings.add(
          new Finding(HASH, "expected columns that are not excluded as well, found " + both));
    }
    return findings;
  }

  private static Set<String> ofOrders(AbstractConfig config, String key) {
    return config.getList(key).stream()
        .filter(name -> !name.startsWith(OF_ITEMS))
        .collect(Collectors.toSet());
  }

  private static Set<String> ofItems(AbstractConfig config, String key) {
    return config.getList(key).stream()
        .filter(name -> name.startsWith(OF_ITEMS))
        .map(name -> name.substring(OF_ITEMS.length()))
        .collect(Collectors.toSet());
  }
}
