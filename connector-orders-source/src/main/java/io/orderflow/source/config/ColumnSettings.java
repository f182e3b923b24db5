package io.orderflow.source.config;

import io.orderflow.common.config.Finding;
import io.orderflow.common.config.Setting;
import io.orderflow.common.config.SettingsGroup;
import io.orderflow.source.schema.ColumnRules;
import io.orderflow.source.schema.ColumnRules.TableRules;
import io.orderflow.source.schema.HashKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;

/** Which columns events leave out, rename, hash, or carry as a header. */
public record ColumnSettings(ColumnRules rules) {

  public static final String EXCLUDE = "columns.exclude";
  public static final String RENAME = "columns.rename";
  public static final String HASH = "columns.hash";
  public static final String HASH_KEY = "columns.hash.key";
  public static final String TRACEPARENT = "traceparent.column";

  /** Precedes names of columns of the items table. */
  public static final String ITEMS_PREFIX = "items.";

  private static final int MIN_KEY_LENGTH = 16;

  private static final ConfigDef.Validator RENAMES =
      ConfigDef.LambdaValidator.with(
          (key, value) -> {
            if (value instanceof List<?> entries) {
              renames(entries.stream().map(String::valueOf).toList());
            }
          },
          () -> "column:name, …");

  static final SettingsGroup GROUP =
      SettingsGroup.of(
          "Columns",
          Setting.of(EXCLUDE, Type.LIST)
              .defaultsTo(List.of())
              .documented(
                  "Columns to leave out: the connector does not read them. Use the column's name for"
                      + " the orders table, items.NAME for the items table. A column that does not exist"
                      + " is an error, since it may have been renamed."),
          Setting.of(RENAME, Type.LIST)
              .defaultsTo(List.of())
              .validatedBy(RENAMES)
              .documented(
                  "Columns that events carry under another name, as NAME:OTHER_NAME or"
                      + " items.NAME:OTHER_NAME; for example version:row_version, if the column"
                      + " version is not the order's version. All other settings use the column's"
                      + " own name."),
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
    Map<String, String> renames = renames(config.getList(RENAME));
    return new ColumnSettings(
        new ColumnRules(
            new TableRules(
                ofOrders(config.getList(EXCLUDE)),
                ofOrders(config.getList(HASH)),
                renamed(renames, ofOrders(renames.keySet()), "")),
            new TableRules(
                ofItems(config.getList(EXCLUDE)),
                ofItems(config.getList(HASH)),
                renamed(renames, ofItems(renames.keySet()), ITEMS_PREFIX)),
            key == null || key.value().isEmpty() ? null : new HashKey(key.value()),
            traceparent.isEmpty() ? null : traceparent,
            EventSettings.names(config)));
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
    excludedAnd(HASH, config.getList(HASH), "hashed", config).ifPresent(findings::add);
    excludedAnd(RENAME, renames(config.getList(RENAME)).keySet(), "renamed", config)
        .ifPresent(findings::add);
    return findings;
  }

  private static Optional<Finding> excludedAnd(
      String key, Collection<String> names, String treatment, AbstractConfig config) {
    Set<String> both = new TreeSet<>(config.getList(EXCLUDE));
    both.retainAll(Set.copyOf(names));
    return both.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Finding(
                key,
                "%s cannot be both %s and excluded; remove it here or in %s"
                    .formatted(String.join(", ", both), treatment, EXCLUDE)));
  }

  /** The other names by those of the columns, which begin with a prefix if they are of items. */
  private static Map<String, String> renames(List<String> entries) {
    Map<String, String> renames = new TreeMap<>();
    for (String entry : entries) {
      int colon = entry.lastIndexOf(':');
      String column = colon < 0 ? "" : entry.substring(0, colon).strip();
      String name = entry.substring(colon + 1).strip();
      if (column.isEmpty() || name.isEmpty()) {
        throw new ConfigException(
            RENAME + ": \"" + entry + "\" is not of the form column:name, such as id:order_id");
      }
      if (renames.put(column, name) != null) {
        throw new ConfigException(RENAME + ": " + column + " has two other names; remove one");
      }
    }
    return renames;
  }

  private static Map<String, String> renamed(
      Map<String, String> renames, Set<String> columns, String prefix) {
    return columns.stream()
        .collect(
            Collectors.toMap(
                column -> column, column -> Objects.requireNonNull(renames.get(prefix + column))));
  }

  private static Set<String> ofOrders(Collection<String> names) {
    return names.stream()
        .filter(name -> !name.startsWith(ITEMS_PREFIX))
        .collect(Collectors.toSet());
  }

  private static Set<String> ofItems(Collection<String> names) {
    return names.stream()
        .filter(name -> name.startsWith(ITEMS_PREFIX))
        .map(name -> name.substring(ITEMS_PREFIX.length()))
        .collect(Collectors.toSet());
  }
}
