package io.orderflow.benchmarks.startup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The part of a worker's start in which it scans for plugins, by its log. */
final class PluginLoading {

  private static final Pattern LINE =
      Pattern.compile(
          "(\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d,\\d{3}) .*"
              + "(Loading plugin from:|Registered loader:|Added plugin ').*");

  private PluginLoading() {}

  /**
   * Milliseconds from the first line about a plugin to the last.
   *
   * @param from the length of the log before this start
   */
  static double millis(Path log, long from) throws IOException {
    List<LocalDateTime> times =
        new String(Files.readAllBytes(log), StandardCharsets.ISO_8859_1)
            .substring(Math.toIntExact(from))
            .lines()
            .map(LINE::matcher)
            .filter(Matcher::matches)
            .map(line -> time(line.group(1)))
            .toList();
    return times.isEmpty()
        ? 0
        : (double) Duration.between(times.get(0), times.get(times.size() - 1)).toMillis();
  }

  private static LocalDateTime time(String text) {
    return LocalDateTime.parse(
        text.replace(' ', 'T').replace(',', '.'), DateTimeFormatter.ISO_LOCAL_DATE_TIME);
  }
}
