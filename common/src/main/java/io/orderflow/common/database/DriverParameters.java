package io.orderflow.common.database;

import io.orderflow.common.config.Finding;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;

/**
 * The parameters of the driver that the user has set. Each is either passed to the driver, or has a
 * finding that says why the connector cannot work with it.
 *
 * @param ofUrl those of {@code database.url}, which win, as in the driver
 * @param ofSettings those of {@code database.driver.NAME}
 */
record DriverParameters(Map<String, String> ofUrl, Map<String, String> ofSettings) {

  private static final String OPTIONS = PGProperty.OPTIONS.getName();
  private static final String SCHEMA = PGProperty.CURRENT_SCHEMA.getName();

  private static final String HOST = "name the host in " + DatabaseSettings.URL;
  private static final String PORT = "name the port in " + DatabaseSettings.URL;
  private static final String NAME = "name the database in " + DatabaseSettings.URL;

  /** By parameter, why it is refused and what to do. */
  private static final Map<String, String> REFUSED =
      Map.ofEntries(
          Map.entry("user", "set " + DatabaseSettings.USER + " instead"),
          Map.entry("password", "set " + DatabaseSettings.PASSWORD + " instead"),
          Map.entry("PGHOST", HOST),
          Map.entry("host", HOST),
          Map.entry("PGPORT", PORT),
          Map.entry("port", PORT),
          Map.entry("PGDBNAME", NAME),
          Map.entry("dbname", NAME),
          Map.entry(
              "service",
              "a file of each worker would hold parameters that nobody checks; name the host and the"
                  + " database in "
                  + DatabaseSettings.URL
                  + ", and set other parameters as "
                  + DatabaseSettings.DRIVER_PREFIX
                  + "NAME"),
          Map.entry(
              "readOnly", "the connector decides which transactions are read-only; remove it"),
          Map.entry(
              "readOnlyMode", "the connector decides which transactions are read-only; remove it"),
          Map.entry("replication", "the connector opens replication connections itself; remove it"),
          Map.entry(
              "maxResultBuffer",
              "a larger result would be an error at each attempt; limit the size of results with"
                  + " the connector's own settings"));

  private static final Set<String> NOT_PRIMARY =
      Set.of("secondary", "slave", "prefersecondary", "preferslave");

  /** By session option, why it is refused and what to do. */
  private static final Map<String, String> REFUSED_OPTIONS;

  static {
    Map<String, String> refused = new HashMap<>();
    refused.put("statement_timeout", "set " + DatabaseSettings.STATEMENT_TIMEOUT + " instead");
    refused.put("default_transaction_isolation", "the connector needs its own value; remove it");
    refused.put("default_transaction_read_only", "the connector needs its own value; remove it");
    for (String format :
        List.of(
            "array_nulls",
            "bytea_output",
            "client_encoding",
            "datestyle",
            "extra_float_digits",
            "intervalstyle",
            "quote_all_identifiers",
            "row_security",
            "standard_conforming_strings",
            "timezone",
            "xmlbinary")) {
      refused.put(format, "it would change or hide values that the connector reads; remove it");
    }
    REFUSED_OPTIONS = Map.copyOf(refused);
  }

  /** A parameter with which unknown parameters can be meant for a class of the user's own. */
  private static final Set<String> OWN_CLASSES =
      Set.of("socketFactory", "sslfactory", "authenticationPluginClassName", "connectExecutor");

  /** Reads the parameters, of a URL of any form. */
  static DriverParameters of(String url, Map<String, String> ofSettings) {
    Map<String, String> ofUrl = new TreeMap<>();
    int query = url.indexOf('?');
    if (query >= 0) {
      for (String part : url.substring(query + 1).split("&", -1)) {
        if (!part.isEmpty()) {
          // The driver takes the last one. Of options that are given twice, none must be lost.
          ofUrl.merge(
              name(part),
              decoded(part.substring(Math.min(part.length(), nameEnd(part) + 1))),
              (first, second) -> name(part).equals(OPTIONS) ? first + " " + second : second);
        }
      }
    }
    return new DriverParameters(ofUrl, Map.copyOf(ofSettings));
  }

  /** The URL without some of its parameters. */
  static String without(Collection<String> names, String url) {
    int query = url.indexOf('?');
    if (query < 0) {
      return url;
    }
    String kept =
        Arrays.stream(url.substring(query + 1).split("&", -1))
            .filter(part -> !part.isEmpty() && !names.contains(name(part)))
            .collect(Collectors.joining("&"));
    return url.substring(0, query) + (kept.isEmpty() ? "" : "?" + kept);
  }

  private static String name(String part) {
    return part.substring(0, nameEnd(part));
  }

  private static int nameEnd(String part) {
    int equals = part.indexOf('=');
    return equals < 0 ? part.length() : equals;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // The driver refuses the URL.
      return text;
    }
  }

  /** The value that the driver would use; null if there is none. */
  @Nullable String value(String name) {
    String value = ofUrl.get(name);
    return value == null ? ofSettings.get(name) : value;
  }

  /**
   * The session options that the user has set; those of the URL win. The driver's currentSchema is
   * one of them, and wins over a search_path among the options, as in the driver.
   *
   * @throws IllegalArgumentException if they cannot be parsed
   */
  SessionOptions options() {
    SessionOptions options =
        SessionOptions.parse(ofSettings.getOrDefault(OPTIONS, ""))
            .and(SessionOptions.parse(ofUrl.getOrDefault(OPTIONS, "")));
    String schemas = value(SCHEMA);
    return schemas == null
        ? options
        : options.and(new SessionOptions(Map.of("search_path", schemas)));
  }

  /** The parameters that a connector cannot work with. Messages never repeat a value. */
  List<Finding> findings() {
    Set<String> names = new TreeSet<>(ofUrl.keySet());
    names.addAll(ofSettings.keySet());
    List<Finding> findings = new ArrayList<>();
    for (String name : names) {
      String reason = REFUSED.get(name);
      if (reason == null && !isKnown(name)) {
        reason = "the driver has no parameter of this name; correct or remove it";
      }
      if (reason != null) {
        findings.add(
            finding(name, "the driver's parameter %s is refused: %s".formatted(name, reason)));
      }
    }
    String target = value("targetServerType");
    if (target != null && NOT_PRIMARY.contains(target.toLowerCase(Locale.ROOT))) {
      findings.add(
          finding(
              "targetServerType",
              "targetServerType may lead to a standby, but the connector needs the primary; write"
                  + " targetServerType=primary"));
    }
    findings.addAll(optionFindings());
    findings.addAll(schemaFindings());
    return findings;
  }

  private boolean isKnown(String name) {
    return PGProperty.forName(name) != null
        || OWN_CLASSES.stream().anyMatch(property -> value(property) != null);
  }

  private List<Finding> optionFindings() {
    try {
      return options().values().keySet().stream()
          .filter(REFUSED_OPTIONS::containsKey)
          .map(
              option ->
                  finding(
                      OPTIONS,
                      "the session option %s is refused: %s"
                          .formatted(option, REFUSED_OPTIONS.get(option))))
          .toList();
    } catch (IllegalArgumentException e) {
      return List.of(
          finding(
              OPTIONS,
              "the driver's parameter options cannot be parsed: write -c name=value for each option,"
                  + " with a backslash before a space within a value"));
    }
  }

  private List<Finding> schemaFindings() {
    String schemas = value(SCHEMA);
    if (schemas != null) {
      try {
        IdentifierList.parse(schemas);
      } catch (IllegalArgumentException e) {
        return List.of(finding(SCHEMA, "the driver's parameter currentSchema: " + e.getMessage()));
      }
    }
    return List.of();
  }

  private Finding finding(String name, String message) {
    return new Finding(
        ofUrl.containsKey(name) ? DatabaseSettings.URL : DatabaseSettings.DRIVER_PREFIX + name,
        message);
  }
}
