package io.orderflow.common.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigDef;
import org.slf4j.Logger;

/**
 * Settings in a connector's configuration that neither the connector nor Connect reads: typing
 * errors as a rule, which would pass silently.
 *
 * <p>A configuration also holds settings for Connect, for transformations, converters and clients,
 * and people add settings for their own tools. So {@code validate} reports an unknown setting as an
 * error only if it is surely meant for the connector: if a typing error of at most two characters
 * leads to a known name (one character in names of up to five), or if it starts as one of the
 * connector's own settings does, {@code orders.} or {@code slot.}. Any other unknown setting is
 * only warned about, when the connector starts. Messages never repeat a value.
 *
 * @param findings what validate reports, on the unknown settings
 * @param warnings one line for each unknown setting
 */
public record UnknownSettings(List<Finding> findings, List<String> warnings) {

  private static final int MAX_DISTANCE = 2;

  /**
   * Finds them.
   *
   * @param settings the connector's configuration as Connect passes it
   * @param connect the settings that Connect reads
   * @param ownPrefix how settings begin that the connector passes on, whatever their name
   */
  public static UnknownSettings find(
      Map<String, String> settings,
      ConfigDef definition,
      ConnectSettings connect,
      String ownPrefix) {
    Set<String> own = new TreeSet<>();
    definition.configKeys().values().stream()
        .filter(key -> !key.internalConfig)
        .forEach(key -> own.add(key.name));
    Set<String> known = new TreeSet<>(own);
    known.addAll(connect.names());
    List<Finding> findings = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    for (String key : new TreeSet<>(settings.keySet())) {
      if (known.contains(key)
          || definition.configKeys().containsKey(key)
          || key.startsWith(ownPrefix)
          || ConnectSettings.hasKnownPrefix(key)) {
        continue;
      }
      Optional<String> advice =
          closest(key, known).map(UnknownSettings::didYouMean).or(() -> related(key, own));
      String message =
          key + " is not a setting of this connector; " + advice.orElse("it has no effect");
      warnings.add(message);
      if (advice.isPresent()) {
        findings.add(new Finding(key, message));
      }
    }
    return new UnknownSettings(List.copyOf(findings), List.copyOf(warnings));
  }

  /** Logs each unknown setting once. */
  public void warn(Logger log) {
    warnings.forEach(warning -> log.warn("{}", warning));
  }

  private static String didYouMean(String name) {
    return "did you mean " + name + "? Rename or remove it.";
  }

  /** The known name that a typing error leads to. */
  private static Optional<String> closest(String key, Set<String> known) {
    int max = Math.min(MAX_DISTANCE, key.length() / 3);
    String closest = null;
    int least = max + 1;
    for (String name : known) {
      int distance = Math.abs(name.length() - key.length()) > max ? least : distance(key, name);
      if (distance < least) {
        least = distance;
        closest = name;
      }
    }
    return Optional.ofNullable(closest);
  }

  /** The connector's settings that start with the same word. */
  private static Optional<String> related(String key, Set<String> own) {
    int dot = key.indexOf('.');
    if (dot < 0) {
      return Optional.empty();
    }
    String prefix = key.substring(0, dot + 1);
    List<String> names = own.stream().filter(name -> name.startsWith(prefix)).toList();
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of("remove it, or use one of " + String.join(", ", names) + ".");
  }

  /**
   * How many characters have to be inserted, removed, replaced or swapped with their neighbor: the
   * optimal string alignment distance.
   */
  private static int distance(String a, String b) {
    int[][] table = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        table[i][j] = i == 0 || j == 0 ? i + j : step(table, a, b, i, j);
      }
    }
    return table[a.length()][b.length()];
  }

  private static int step(int[][] table, String a, String b, int i, int j) {
    boolean same = a.charAt(i - 1) == b.charAt(j - 1);
    int least =
        Math.min(
            table[i - 1][j - 1] + (same ? 0 : 1), 1 + Math.min(table[i - 1][j], table[i][j - 1]));
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(least, table[i - 2][j - 2] + 1) : least;
  }
}
