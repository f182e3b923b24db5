package io.orderflow.source.catalog;

import io.orderflow.common.database.TableName;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A table that may contain orders or items. Scores are points for names that are common in shops;
 * only their order matters.
 *
 * @param types by column, as {@code pg_type.typname}
 * @param primaryKey its columns; empty if there is none
 */
record CandidateTable(
    TableName name, List<String> columns, Map<String, String> types, List<String> primaryKey) {

  private static final Pattern WORDS = Pattern.compile("[^\\p{L}\\p{N}]+|(?<=\\p{Ll})(?=\\p{Lu})");

  private static final Set<String> NUMBERS =
      Set.of("int2", "int4", "int8", "numeric", "float4", "float8");

  private static final Set<String> SALES =
      Set.of("purchase", "purchases", "sale", "sales", "booking", "bookings", "checkouts");

  /** The last words of tables of documents, which have lines in another table. */
  private static final Set<String> HEADERS =
      Set.of("header", "headers", "head", "heads", "document", "documents");

  /** Words of tables that only resemble those of orders and items. */
  private static final Set<String> OTHERS =
      Set.of(
          "history",
          "archive",
          "archived",
          "log",
          "logs",
          "old",
          "backup",
          "deleted",
          "stock",
          "inventory",
          "allocation",
          "reservation",
          "fulfillment",
          "fulfilment",
          "shipment",
          "return",
          "refund",
          "invoice",
          "payment",
          "transaction",
          "cart",
          "basket",
          "wishlist",
          "status",
          "type",
          "note",
          "event");

  /** How much the table looks like orders; 0 if it does not at all. */
  int scoreAsOrders() {
    List<String> words = words(name.table());
    String last = words.isEmpty() ? "" : words.get(words.size() - 1);
    int score = 0;
    if (last.equals("order") || last.equals("orders")) {
      score = 12;
    } else if (last.endsWith("order") || last.endsWith("orders")) {
      score = 10;
    } else if (SALES.contains(last)) {
      score = 7;
    } else if (HEADERS.contains(last) && words.stream().anyMatch(CandidateTable::isOfSales)) {
      score = 9;
    }
    if (score == 0 || primaryKey.isEmpty()) {
      return 0;
    }
    score -= hasOtherWords(words) ? 6 : 0;
    score += hasColumn("status|state|.*[_ ]status|.*[_ ]state|.*Status|.*State") ? 2 : 0;
    score += hasColumn("(?i).*(total|amount).*") ? 2 : 0;
    score += hasColumn("(?i).*(customer|user|buyer|partner|email|_c_id).*") ? 1 : 0;
    score += hasColumn("(?i).*(date|created|placed|entry_d).*") ? 1 : 0;
    return Math.max(score, 0);
  }

  private static boolean isOfSales(String word) {
    return SALES.contains(word) || word.equals("order") || word.equals("orders");
  }

  /** How much the table looks like items of orders; 0 if it does not at all. */
  int scoreAsItems() {
    List<String> words = words(name.table());
    boolean isItem =
        words.stream()
            .anyMatch(
                word ->
                    word.matches(".*(items?|lines?|details?|positions?|products?|entry|entries)"));
    boolean hasQuantity =
        types.entrySet().stream()
            .anyMatch(
                column ->
                    NUMBERS.contains(column.getValue())
                        && words(column.getKey()).stream()
                            .anyMatch(word -> word.matches("quantity|qty|units?|pieces|count")));
    if (!isItem && !hasQuantity) {
      return 0;
    }
    int score = (isItem ? 5 : 0) + (hasQuantity ? 6 : 0);
    score -= hasOtherWords(words) ? 6 : 0;
    score += hasColumn("(?i).*(sku|product|variant|article|item_?id|_i_id).*") ? 3 : 0;
    score += hasColumn("(?i).*(price|amount).*") ? 2 : 0;
    return Math.max(score, 0);
  }

  /** The column that is called after another table, such as {@code order_id} of spree_orders. */
  Optional<String> columnCalledAfter(CandidateTable other) {
    String key = other.primaryKey().get(0);
    List<String> words = words(other.name().table());
    String last = singular(words.get(words.size() - 1));
    List<String> names =
        List.of(
            last + "id",
            singular(String.join("", words)) + "id",
            last + "number",
            "id" + last,
            String.join("", words(key)));
    return names.stream()
        .flatMap(
            called ->
                columns.stream().filter(column -> String.join("", words(column)).equals(called)))
        .filter(column -> !column.equals("id") && !primaryKey.equals(List.of(column)))
        .filter(column -> family(types.get(column)).equals(family(other.types().get(key))))
        .findFirst();
  }

  /** The fix of an order ID of a type such as char(n) makes it a text. */
  private static String family(@Nullable String type) {
    return "bpchar".equals(type) ? "text" : TypeFamily.of(String.valueOf(type));
  }

  private static String singular(String word) {
    return word.endsWith("s") ? word.substring(0, word.length() - 1) : word;
  }

  private static boolean hasOtherWords(List<String> words) {
    return words.stream()
        .anyMatch(word -> OTHERS.contains(word) || OTHERS.contains(singular(word)));
  }

  private boolean hasColumn(String pattern) {
    return columns.stream().anyMatch(column -> column.matches(pattern));
  }

  /** The words of a name in lower case: of {@code orderItems} and {@code order_items}, the same. */
  private static List<String> words(String name) {
    return Arrays.stream(WORDS.split(name))
        .filter(word -> !word.isEmpty())
        .map(word -> word.toLowerCase(Locale.ROOT))
        .toList();
  }
}
