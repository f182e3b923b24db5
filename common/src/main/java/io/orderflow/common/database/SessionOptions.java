package io.orderflow.common.database;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Run-time settings of PostgreSQL for sessions or transactions, by their names in lower case.
 *
 * @param values in the order of the names
 */
record SessionOptions(Map<String, String> values) {

  SessionOptions {
    values = Collections.unmodifiableMap(new TreeMap<>(values));
  }

  /**
   * Parses the driver's parameter {@code options}, as the server does (PostgreSQL manual, 19.1.4).
   *
   * @param text {@code -c name=value} or {@code --name=value}, any number of them; a backslash
   *     precedes a space within a value
   * @throws IllegalArgumentException if the text has another form, or a list of names is not valid
   */
  static SessionOptions parse(String text) {
    Map<String, String> values = new TreeMap<>();
    List<String> words = words(text);
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      String assignment;
      if (word.startsWith("--")) {
        assignment = word.substring(2);
      } else if (word.equals("-c") && i + 1 < words.size()) {
        assignment = words.get(++i);
      } else if (word.startsWith("-c")) {
        assignment = word.substring(2);
      } else {
        throw new IllegalArgumentException(word + " is not of the form -c name=value");
      }
      int equals = assignment.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(word + " is not followed by name=value");
      }
      String name = assignment.substring(0, equals).replace('-', '_').toLowerCase(Locale.ROOT);
      values.put(name, checked(name, assignment.substring(equals + 1)));
    }
    return new SessionOptions(values);
  }

  private static String checked(String name, String value) {
    if (isList(name)) {
      IdentifierList.parse(value);
    }
    return value;
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isWhitespace(c)) {
        if (inWord) {
          words.add(word.toString());
          word.setLength(0);
        }
        inWord = false;
      } else {
        inWord = true;
        word.append(c == '\\' && i + 1 < text.length() ? text.charAt(++i) : c);
      }
    }
    if (inWord) {
      words.add(word.toString());
    }
    return words;
  }

  /** These options and others, whose values win. */
  SessionOptions and(SessionOptions others) {
    Map<String, String> all = new TreeMap<>(values);
    all.putAll(others.values);
    return new SessionOptions(all);
  }

  /** The text for the driver's parameter {@code options}; empty without options. */
  String startParameter() {
    return values.entrySet().stream()
        .map(option -> "-c " + escaped(option.getKey() + "=" + option.getValue()))
        .collect(Collectors.joining(" "));
  }

  private static String escaped(String text) {
    return text.replaceAll("([\\s\\\\])", "\\\\$1");
  }

  /**
   * Statements that apply the options until the transaction ends; empty without options. They take
   * no snapshot, as a query would.
   */
  String transactionSql() {
    return values.entrySet().stream()
        .map(option -> setLocal(option.getKey(), option.getValue()))
        .collect(Collectors.joining(";\n"));
  }

  private static String setLocal(String name, String value) {
    String quoted =
        Stream.of(name.split("\\.")).map(Identifiers::quote).collect(Collectors.joining("."));
    return "SET LOCAL %s = %s"
        .formatted(quoted, isList(name) ? list(value) : Identifiers.literal(value));
  }

  /** SET takes a list of names as several values, and any other list as one text. */
  private static boolean isList(String name) {
    return name.equals("search_path") || name.equals("temp_tablespaces");
  }

  private static String list(String value) {
    List<String> names = IdentifierList.parse(value);
    return names.isEmpty()
        ? "''"
        : names.stream().map(Identifiers::literal).collect(Collectors.joining(", "));
  }
}
