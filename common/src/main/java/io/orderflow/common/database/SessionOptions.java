package io.orderflow.common.database;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;

/**
 * The options of a session, such as {@code -c work_mem=64MB}, in a JDBC URL. The driver lets a
 * parameter of the URL replace the property of the same name, which has our own options.
 *
 * @param url without the parameter {@code options}
 * @param options empty if the URL has none
 */
record SessionOptions(String url, String options) {

  private static final String PARAMETER = "options=";

  private static final Pattern OPTION =
      Pattern.compile("\\s*(?:-c\\s*|--)([\\w.]+)=((?:[^\\s\\\\]|\\\\.)*)\\s*");

  static SessionOptions ofUrl(String url) {
    int query = url.indexOf('?');
    if (query < 0 || !url.contains(PARAMETER)) {
      return new SessionOptions(url, "");
    }
    List<String> others = new ArrayList<>();
    List<String> options = new ArrayList<>();
    for (String parameter : url.substring(query + 1).split("&", -1)) {
      if (parameter.startsWith(PARAMETER)) {
        options.add(
            URLDecoder.decode(parameter.substring(PARAMETER.length()), StandardCharsets.UTF_8));
      } else {
        others.add(parameter);
      }
    }
    String rest = others.isEmpty() ? "" : "?" + String.join("&", others);
    return new SessionOptions(url.substring(0, query) + rest, String.join(" ", options));
  }

  /**
   * The names and values of options, in the forms that {@code postgres} accepts for a session: -c
   * name=value, -cname=value and --name=value, with a backslash before a space in a value.
   */
  static Map<String, String> parse(String options) {
    Map<String, String> values = new LinkedHashMap<>();
    Matcher matcher = OPTION.matcher(options);
    int end = 0;
    while (matcher.lookingAt()) {
      values.put(matcher.group(1), matcher.group(2).replaceAll("\\\\(.)", "$1"));
      end = matcher.end();
      matcher.region(end, options.length());
    }
    if (end < options.length()) {
      throw new ConfigException(
          "with a pooler, the options of a session must have the form -c name=value; correct them"
              + " in the URL or in database.driver.options");
    }
    return values;
  }

  /** Adds the options to the driver's property; they win over options that stand before them. */
  Map<String, String> mergedInto(Map<String, String> driver) {
    if (options.isEmpty()) {
      return driver;
    }
    Map<String, String> merged = new HashMap<>(driver);
    merged.merge("options", options, (property, inUrl) -> property + " " + inUrl);
    return Map.copyOf(merged);
  }
}
