package io.orderflow.source.config;

import io.orderflow.common.config.Finding;
import io.orderflow.common.config.Setting;
import io.orderflow.common.config.SettingsGroup;
import io.orderflow.source.schema.ColumnRules;
import io.orderflow.source.schema.ColumnRules.TableRules;
import io.orderflow.source.schema.HashKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.types.Password;

/** Which columns events leave out, hash, or carry as a header. */
public record ColumnSettings(ColumnRules rules) {

  public static final String EXCLUDE = "columns.exclude";
  public static final String HASH = "columns.hash";
  public static final String HASH_KEY = "columns.hash.key";
  public static final String TRACEPARENT = "traceparent.column";

  private static final String ITEMS_PREFIX = "items.";
  private static final int MIN_KEY_LENGTH = 16;

  static final SettingsGroup GROUP =
      SettingsGroup.of(
          "Columns",
          Setting.of(EXCLUDE, Type.LIST)
              .defaultsTo(List.of())
              .documented(
                  "Columns to leave out: the connector does not read them. Use the column's name for"
                      + " the orders table, items.NAME for the items table. A column that does not exist"
                      + " is an error, since it may have been renamed."),
          Setting.of(HASH, Type.LIST)
              .defaultsTo(List.of())
              .documented(
                  "Columns that events carry hashed: as a string with the HMAC-SHA-256 of the value in"
                      + " 64 hexadecimal digits. Equal values have equal hashes, and null stays null."
                      + " Named as in "
                      + EXCLUDE
                      + "."),
          Setting.of(HASH_KEY, Type.PASSWORD)
              .optional()
              .documented(
                  "Secret key of the hashes, of at least "
                      + MIN_KEY_LENGTH
                      + " characters. Another key changes every hash."),
          Setting.of(TRACEPARENT, Type.STRING)
              .defaultsTo("")
              .low()
              .documented(
                  "Column of the orders table with a W3C traceparent. Events carry it as the header"
                      + " traceparent and not as a field. Empty: no such header."));

  static ColumnSettings of(AbstractConfig config) {
    Password key = config.getPassword(HASH_KEY);
    String traceparent = config.getString(TRACEPARENT).strip();
    return new ColumnSettings(
        new ColumnRules(
            new TableRules(ordersColumns(config, EXCLUDE), ordersColumns(config, HASH)),
            new TableRules(itemsColumns(config, EXCLUDE), itemsColumns(config, HASH)),
            key == null || key.value().isEmpty() ? null : new HashKey(key.value()),
            traceparent.isEmpty() ? null : traceparent));
  }

  /** Contradictions between these settings. */
  static List<Finding> findings(AbstractConfig config) {
    List<Finding> findings = new ArrayList<>();
    Password key = config.getPassword(HASH_KEY);
    if (!config.getList(HASH).isEmpty() && (key == null || key.value().length() < MIN_KEY_LENGTH)) {
      findings.add(
          new Finding(
              HASH_KEY,
              "%s, but %s needs one; set a secret of at least %d characters"
                  .formatted(
                      key == null ? "no key is set" : "the key is too short",
                      HASH,
                      MIN_KEY_LENGTH)));
    }
    Set<String> both = new TreeSet<>(config.getList(EXCLUDE));
    both.retainAll(config.getList(HASH));
    if (!both.isEmpty()) {
      findings.add(
          new Finding(
              HASH,
              "%s cannot be both hashed and excluded; remove it here or in %s"
                  .formatted(String.join(", ", both), EXCLUDE)));
    }
    return findings;
  }

  private static Set<String> ordersColumns(AbstractConfig config, String key) {
    return config.getList(key).stream()
        .filter(name -> !name.startsWith(ITEMS_PREFIX))
        .collect(Collectors.toSet());
  }

  private static Set<String> itemsColumns(AbstractConfig config, String key) {
    return config.getList(key).stream()
        .filter(name -> name.startsWith(ITEMS_PREFIX))
        .map(name -> name.substring(ITEMS_PREFIX.length()))
        .collect(Collectors.toSet());
  }
}
