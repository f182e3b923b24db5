package io.orderflow.it.shops;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.it.fixture.Capture;
import io.orderflow.stack.Checkout;
import io.orderflow.stack.ShopRecipe;
import io.orderflow.stack.ShopSteps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The results as the table of docs/shops.md. */
final class ShopsPage {
  private static final String BEGIN = "<!-- results -->\n";
  private static final String END = "<!-- /results -->\n";
  private static final Map<String, String> TITLES = titles();

  private record Key(String shop, Capture capture) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byShop = shop.compareTo(other.shop);
      return byShop == 0 ? capture.compareTo(other.capture) : byShop;
    }
  }

  private final Map<Key, Map<String, Boolean>> passed = new TreeMap<>();

  private static Map<String, String> titles() {
    Map<String, String> titles = new LinkedHashMap<>();
    List<String> words =
        List.of(
            "placed",
            "paid, first part",
            "paid, second part",
            "changed",
            "partly shipped",
            "partly returned",
            "refunded",
            "cancelled",
            "deleted");
    for (int i = 0; i < words.size(); i++) {
      titles.put(ShopSteps.NAMES.get(i), words.get(i));
    }
    return titles;
  }

  /** A new row; the caller adds the steps that were right, and whether they moved anything. */
  Map<String, Boolean> row(ShopRecipe recipe, Capture capture) {
    Map<String, Boolean> steps = new HashMap<>();
    passed.put(new Key(recipe.name(), capture), steps);
    return steps;
  }

  /**
   * Compares the results with the page; after a run of all shops with {@code
   * -Dorderflow.docs.update=true}, writes them first.
   */
  void writeOrCompare() throws IOException {
    Path page = Checkout.root().resolve("docs/shops.md");
    boolean complete = passed.size() == ShopRecipe.names().size() * Capture.values().length;
    if (complete && Boolean.getBoolean("orderflow.docs.update")) {
      String text = Files.readString(page);
      Files.writeString(
          page,
          text.substring(0, text.indexOf(BEGIN))
              + BEGIN
              + '\n'
              + table()
              + '\n'
              + remarks()
              + '\n'
              + text.substring(text.indexOf(END)));
    }
    String text = Files.readString(page);
    assertTrue(text.contains(remarks()), () -> page + " lacks remarks of the steps: " + remarks());
    passed.forEach(
        (key, steps) ->
            assertTrue(
                text.contains(line(key, steps)),
                () ->
                    page
                        + " lacks the line "
                        + line(key, steps)
                        + "Run all shops with -Dorderflow.docs.update=true"));
  }

  private String table() {
    var table = new StringBuilder("| shop | capture | ");
    table.append(String.join(" | ", TITLES.values())).append(" |\n");
    table.append("|---".repeat(TITLES.size() + 2)).append("|\n");
    passed.forEach((key, steps) -> table.append(line(key, steps)));
    return table.toString();
  }

  private static String line(Key key, Map<String, Boolean> steps) {
    Map<String, String> lacks = ShopRecipe.of(key.shop()).steps().lacks();
    var line = new StringBuilder("| ");
    line.append("[%s](../config-examples/shops/%s/README.md)".formatted(key.shop(), key.shop()));
    line.append(" | ").append(key.capture().name().toLowerCase(Locale.ROOT));
    for (String step : ShopSteps.NAMES) {
      line.append(" | ").append(lacks.containsKey(step) ? "–" : symbol(steps.get(step)));
    }
    return line.append(" |\n").toString();
  }

  private static String symbol(@Nullable Boolean moves) {
    return moves == null ? "failed" : moves ? "✓" : "=";
  }

  private static String remarks() {
    var remarks = new StringBuilder("| shop | step | remark |\n|---|---|---|\n");
    for (String shop : ShopRecipe.names()) {
      ShopSteps steps = ShopRecipe.of(shop).steps();
      for (String step : ShopSteps.NAMES) {
        String lack = steps.lacks().get(step);
        String remark = lack == null ? steps.notes().get(step) : "– " + lack;
        if (remark != null) {
          remarks.append("| %s | %s | %s |\n".formatted(shop, TITLES.get(step), remark));
        }
      }
    }
    return remarks.toString();
  }
}
