package io.orderflow.source.fuzz;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Which columns the connector leaves out, hashes, or sorts items by; the tables keep these columns.
 *
 * @param excluded names, those of the items table after {@code items.}
 * @param hashed names of columns with a text, in the same form
 * @param itemsOrderBy the column that sorts items; null for their primary key
 */
record ColumnChoices(Set<String> excluded, Set<String> hashed, @Nullable String itemsOrderBy) {

  private static final String ITEMS = "items.";
  private static final String ALGORITHM = "HmacSHA256";
  private static final String KEY = "a key of the generated tables";

  /** Draws from the columns beside the keys, of which the first has a text. */
  static ColumnChoices draw(
      Draw draw, List<FuzzColumn> orders, List<FuzzColumn> items, String line) {
    Set<String> excluded = new TreeSet<>();
    Set<String> hashed = new TreeSet<>();
    String text = items.get(0).name();
    String sorting = draw.oneIn(3) ? draw.of(line, text) : null;
    if (draw.oneIn(3)) {
      some(draw, orders).forEach(column -> excluded.add(column.name()));
      some(draw, items).forEach(column -> excluded.add(ITEMS + column.name()));
      if (text.equals(sorting) && draw.flip()) {
        excluded.add(ITEMS + line);
      }
    }
    if (draw.oneIn(4)) {
      hashed.add(orders.get(0).name());
      if (draw.flip()) {
        hashed.add(ITEMS + text);
      }
    }
    return new ColumnChoices(excluded, hashed, sorting);
  }

  private static List<FuzzColumn> some(Draw draw, List<FuzzColumn> columns) {
    return draw.some(columns.subList(1, columns.size()), 2);
  }

  Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    settings.put("columns.exclude", String.join(",", excluded));
    settings.put("columns.hash", String.join(",", hashed));
    settings.put("columns.hash.key", KEY);
    if (itemsOrderBy != null) {
      settings.put("items.order.by", itemsOrderBy);
    }
    return settings;
  }

  boolean isExcluded(boolean ofOrder, String column) {
    return excluded.contains(named(ofOrder, column));
  }

  boolean isHashed(boolean ofOrder, String column) {
    return hashed.contains(named(ofOrder, column));
  }

  /** Whether the settings name a column, which the shop can then neither drop nor rename. */
  boolean name(boolean ofOrder, String column) {
    return isExcluded(ofOrder, column)
        || isHashed(ofOrder, column)
        || (!ofOrder && column.equals(itemsOrderBy));
  }

  private static String named(boolean ofOrder, String column) {
    return (ofOrder ? "" : ITEMS) + column;
  }

  /** What events have of a hashed text. */
  static String hash(String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(KEY.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
