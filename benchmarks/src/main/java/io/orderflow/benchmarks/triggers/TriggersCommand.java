package io.orderflow.benchmarks.triggers;

import io.orderflow.benchmarks.Benchmarks;
import io.orderflow.benchmarks.Databases;
import io.orderflow.benchmarks.Sql;
import io.orderflow.benchmarks.measure.MarkdownTable;
import io.orderflow.stack.LocalStack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code run.sh triggers}. */
@Command(
    name = "triggers",
    mixinStandardHelpOptions = true,
    description =
        "The duration of a shop's transactions, with and without the triggers of query capture.")
public final class TriggersCommand implements Callable<Integer> {

  /** The scripts of each shop that is measured. */
  @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable.
  private enum Shop {
    WITHOUT("without", List.of()),
    STAMPS("shop-install.sql", List.of("shop-install.sql")),
    DELETES(
        "and shop-deletes-install.sql", List.of("shop-install.sql", "shop-deletes-install.sql"));

    private final String title;
    private final List<String> scripts;

    Shop(String title, List<String> scripts) {
      this.title = title;
      this.scripts = scripts;
    }
  }

  @Option(names = "--orders", description = "orders of each measurement (default: 5000)")
  private int orders = 5_000;

  @Option(names = "--rounds", description = "how often each is measured (default: 5)")
  private int rounds = 5;

  @Override
  public Integer call() throws Exception {
    Map<ShopWork, Map<Shop, List<Double>>> micros = new EnumMap<>(ShopWork.class);
    try (LocalStack stack =
        LocalStack.builder().withoutKafka().workers(0).postgresSetting("fsync", "off").start()) {
      Databases databases = new Databases(stack.postgres());
      for (int round = 0; round < rounds; round++) {
        for (Shop shop : Shop.values()) {
          measure(databases, shop, micros);
        }
      }
    }
    String text = table(micros).text();
    System.out.println(text);
    Path file = Benchmarks.root().resolve("benchmarks/target/triggers.md");
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return 0;
  }

  /** A new shop each time: one connection, whose first statements find empty tables. */
  private void measure(
      Databases databases, Shop shop, Map<ShopWork, Map<Shop, List<Double>>> micros)
      throws SQLException {
    String database = "triggers";
    databases.create(database, "shop-example-schema.sql");
    for (String script : shop.scripts) {
      databases.run(database, script);
    }
    try (Connection connection = databases.connect(database)) {
      // The server's own look-ups for foreign keys would scan tables that were small at first.
      Sql.execute(connection, "SET enable_seqscan = off");
      int placed = 0;
      for (ShopWork work : ShopWork.values()) {
        placed += work.places() ? orders : 0;
        micros
            .computeIfAbsent(work, each -> new EnumMap<>(Shop.class))
            .computeIfAbsent(shop, each -> new ArrayList<>())
            .add(work.run(connection, placed - orders + 1, placed));
      }
    }
    databases.drop(database);
  }

  private static MarkdownTable table(Map<ShopWork, Map<Shop, List<Double>>> micros) {
    List<String> head = new ArrayList<>(List.of("µs a transaction, median"));
    for (Shop shop : Shop.values()) {
      head.add(shop.title);
    }
    List<List<String>> rows = new ArrayList<>();
    micros.forEach(
        (work, byShop) -> {
          List<String> row = new ArrayList<>(List.of(work.title()));
          byShop.values().forEach(each -> row.add(MarkdownTable.number("%,.0f", median(each))));
          rows.add(row);
        });
    return new MarkdownTable(head, rows);
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}
