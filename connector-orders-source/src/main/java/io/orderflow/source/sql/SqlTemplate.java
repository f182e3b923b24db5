package io.orderflow.source.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** SQL texts of this jar, in which values replace {@code ${name}}. */
final class SqlTemplate {

  /** The value with which a text begins and ends a dollar-quoted string. */
  private static final String DOLLARS = "dollars";

  private static final Pattern NAME = Pattern.compile("\\$\\{(\\w+)}");

  private final Map<String, String> values;

  private SqlTemplate(Map<String, String> values) {
    this.values = Map.copyOf(values);
  }

  /** Texts with these values, whatever characters they contain. */
  static SqlTemplate of(Map<String, String> values) {
    Map<String, String> all = new HashMap<>(values);
    String dollars = "$$";
    for (int i = 0; isIn(values, dollars); i++) {
      dollars = "$orderflow" + i + "$";
    }
    all.put(DOLLARS, dollars);
    return new SqlTemplate(all);
  }

  /** The same texts with more values, which no dollar-quoted string contains. */
  SqlTemplate with(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(values);
    all.putAll(more);
    return new SqlTemplate(all);
  }

  private static boolean isIn(Map<String, String> values, String text) {
    return values.values().stream().anyMatch(value -> value.contains(text));
  }

  /** The text of a resource, with the values. */
  String render(String resource) {
    return fill(read(resource));
  }

  /** A text with the values; a name within a value stays as it is. */
  String fill(String text) {
    return NAME.matcher(text)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    Objects.requireNonNull(values.get(found.group(1)), found.group(1))));
  }

  private static String read(String resource) {
    try (InputStream in = SqlTemplate.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
