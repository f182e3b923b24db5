package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.Validation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

/**
 * docs/tables.md lists what the captures need for each kind of table: what {@code validate} asks
 * for on a server, after which the shop's statements run and each capture ends in the shop's state.
 */
class TablesPageTest {

  private static final Path PAGE =
      Path.of(Objects.requireNonNull(System.getProperty("orderflow.root")), "docs/tables.md");

  private static final int PAGE_VERSION = 18;

  private static final int MAX_ATTEMPTS = 6;

  private static final Duration MAX_WAIT = Duration.ofSeconds(10);

  private static final String TABLE =
      """
      | tables | `capture=query` | `capture=log` |
      |---|---|---|
      """;

  @Test
  void pageIsUpToDate() throws IOException {
    String before = Files.readString(PAGE);
    List<String> failures = new ArrayList<>();
    StringBuilder rows = new StringBuilder();
    for (TableKind kind : TableKind.ALL) {
      if (Postgres.majorVersion() < kind.since()) {
        continue;
      }
      rows.append("| ")
          .append(kind.title())
          .append(setting(kind))
          .append(" | ")
          .append(needs(kind, "query", failures))
          .append(" | ")
          .append(needs(kind, "log", failures))
          .append(" |\n");
    }
    assertEquals(List.of(), failures);
    assumeTrue(
        Postgres.majorVersion() >= PAGE_VERSION, "The page shows PostgreSQL " + PAGE_VERSION);
    int start = before.indexOf(TABLE) + TABLE.length();
    int end = before.indexOf("\n## ", start);
    String page = before.substring(0, start) + rows + before.substring(end);
    if (Boolean.getBoolean("orderflow.docs.update")) {
      Files.writeString(PAGE, page);
    }
    assertEquals(
        page,
        Files.readString(PAGE),
        PAGE + " is out of date: run the tests with -Dorderflow.docs.update=true");
  }

  private static String setting(TableKind kind) {
    return new TreeMap<>(kind.settings())
        .entrySet().stream()
            .map(setting -> "; `%s=%s`".formatted(setting.getKey(), setting.getValue()))
            .collect(Collectors.joining());
  }

  private static String needs(TableKind kind, String capture, List<String> failures) {
    try {
      return needs(kind, capture);
    } catch (RuntimeException | AssertionError e) {
      failures.add("%s, capture=%s: %s".formatted(kind.title(), capture, e.getMessage()));
      return "";
    }
  }

  /** What a capture needs for a kind of tables, after which it must be right. */
  private static String needs(TableKind kind, String capture) {
    Shop shop = Postgres.newShop();
    shop.run(kind.ddl());
    Map<String, String> settings =
        capture.equals("log") ? shop.logSettings(kind.settings()) : shop.settings(kind.settings());
    List<String> scripts = new ArrayList<>();
    for (int i = 0; i < MAX_ATTEMPTS; i++) {
      List<String> findings =
          Validation.findings(settings).values().stream().flatMap(List::stream).toList();
      if (findings.isEmpty()) {
        capture(kind, shop, settings);
        return scripts.isEmpty() ? "nothing" : summary(scripts);
      }
      for (String finding : findings) {
        Optional<String> sql = Validation.fix(finding);
        if (sql.isEmpty()) {
          return "not possible: " + finding.replace("\n", " ");
        }
        scripts.add(sql.get().strip());
        shop.runScript(sql.get());
      }
    }
    throw new AssertionError(kind.title() + ": the findings do not end: " + scripts);
  }

  /** The script of query capture by its name; all other SQL as it is. */
  private static String summary(List<String> scripts) {
    return scripts.stream()
        .map(
            sql ->
                sql.contains("FUNCTION")
                    ? "the install script"
                    : "`" + sql.replaceAll("\\s+", " ") + "`")
        .distinct()
        .collect(Collectors.joining("; "));
  }

  private static void capture(TableKind kind, Shop shop, Map<String, String> settings) {
    shop.run(kind.before());
    Map<Object, String> states = new HashMap<>();
    try (CaptureRun run = new CaptureRun(settings, new HashMap<>())) {
      awaitState(kind, shop, run, states);
      for (String statement : kind.history()) {
        shop.run(statement);
      }
      awaitState(kind, shop, run, states);
    } finally {
      shop.dropSlots();
    }
  }

  private static void awaitState(
      TableKind kind, Shop shop, CaptureRun run, Map<Object, String> states) {
    String expected = shop.value(kind.states());
    long deadline = System.nanoTime() + MAX_WAIT.toNanos();
    while (!expected.equals(text(states)) && System.nanoTime() < deadline) {
      for (SourceRecord record : run.poll()) {
        states.put(record.key(), state((Struct) record.value()));
      }
    }
    assertEquals(expected, text(states), kind.title() + ", " + shop.url());
  }

  private static String text(Map<Object, String> states) {
    return states.values().stream().sorted().collect(Collectors.joining("; "));
  }

  private static String state(Struct order) {
    Stream<Struct> items = order.<Struct>getArray("items").stream();
    return order.getString("status")
        + ":"
        + items
            .map(item -> item.getString("sku") + item.get("quantity"))
            .sorted(Comparator.naturalOrder())
            .collect(Collectors.joining(","));
  }
}
