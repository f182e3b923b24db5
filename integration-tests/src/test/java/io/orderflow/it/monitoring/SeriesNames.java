package io.orderflow.it.monitoring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Names of series. */
final class SeriesNames {

  private static final Pattern NAME = Pattern.compile("\\b(?:orderflow|kafka)_[a-z_]+");

  private SeriesNames() {}

  /** The names in the expressions of some files. */
  static Set<String> in(Path... files) throws IOException {
    Set<String> names = new TreeSet<>();
    for (Path file : files) {
      NAME.matcher(Files.readString(file)).results().map(MatchResult::group).forEach(names::add);
    }
    return names;
  }

  /** The names of the series with values on an exporter's page. */
  static Set<String> scraped(String page) {
    return page.lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("[{ ]", 2)[0])
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
