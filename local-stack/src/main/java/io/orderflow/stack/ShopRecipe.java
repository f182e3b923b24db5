package io.orderflow.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A folder of {@code config-examples/shops}: connectors for one shop system, and a demo of it. */
public final class ShopRecipe {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path FOLDER = Path.of("config-examples/shops");

  private static final String ID_TYPES =
      """
      SELECT format_type(atttypid, NULL) FROM pg_attribute
       WHERE attrelid = ?::regclass AND attname = ANY (string_to_array(?, ','))
      """;

  private final String name;
  private final Path folder;
  private final ShopSteps steps;

  private ShopRecipe(String name, Path folder) {
    this.name = name;
    this.folder = folder;
    this.steps = ShopSteps.read(demo("steps.sql"));
  }

  /**
   * The recipe of a shop system.
   *
   * @throws StackException if there is none
   */
  public static ShopRecipe of(String name) {
    if (!names().contains(name)) {
      throw new StackException("There is no shop " + name + "; the shops are " + names());
    }
    return new ShopRecipe(name, Checkout.root().resolve(FOLDER).resolve(name));
  }

  /** All shop systems with a recipe. */
  public static List<String> names() {
    try (Stream<Path> folders = Files.list(Checkout.root().resolve(FOLDER))) {
      return folders
          .filter(Files::isDirectory)
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new StackException("Could not list " + FOLDER, e);
    }
  }

  public String name() {
    return name;
  }

  public ShopSteps steps() {
    return steps;
  }

  /** Creates the shop's own tables, with some orders. */
  public void createShop(Connection shop) {
    SqlScript.run(shop, demo("schema.sql"));
  }

  /** Creates the views of the recipe, if it has any. */
  public void createViews(Connection shop) {
    Path views = folder.resolve("views.sql");
    if (Files.exists(views)) {
      SqlScript.run(shop, views);
    }
  }

  /** Creates the sink's tables for the shop's order IDs, and puts stock into them. */
  public void createWarehouse(Connection shop, Connection warehouse) throws SQLException {
    String type = orderIdType(shop);
    runForIds(warehouse, "warehouse-install.sql", type);
    if (connector("sink.json").containsKey("payment.id.field")) {
      runForIds(warehouse, "payments-install.sql", type);
    }
    SqlScript.run(warehouse, demo("stock.sql"));
  }

  /** Runs a shipped script, which is for order IDs of type bigint, for IDs of another type. */
  private void runForIds(Connection warehouse, String file, String type) {
    try {
      Path script = Files.createTempFile("warehouse", ".sql");
      String sql = Files.readString(Checkout.sql(file));
      Files.writeString(script, sql.replaceAll("(order_id +)bigint", "$1" + type));
      SqlScript.run(warehouse, script);
      Files.delete(script);
    } catch (IOException e) {
      throw new StackException("Could not prepare the warehouse of " + name, e);
    }
  }

  /** The type that order IDs have in events; those of several columns are text. */
  private String orderIdType(Connection shop) throws SQLException {
    Map<String, String> source = connector("source.json");
    try (PreparedStatement statement = shop.prepareStatement(ID_TYPES)) {
      statement.setString(1, source.get("orders.table"));
      statement.setString(2, source.get("orders.id.column"));
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          throw new StackException("The orders of " + name + " have no such ID");
        }
        String type = row.getString(1);
        return row.next() || type.startsWith("character") ? "text" : type;
      }
    }
  }

  /** The files of the connectors: the sources, then the sink. */
  public List<String> connectors() {
    return Stream.of("source.json", "payments.json", "sink.json")
        .filter(file -> Files.exists(folder.resolve(file)))
        .toList();
  }

  /** A file of the recipe. */
  public Path file(String file) {
    return folder.resolve(file);
  }

  /** The settings of a connector, with placeholders where addresses and passwords belong. */
  public Map<String, String> connector(String file) {
    try {
      Map<String, String> config = new LinkedHashMap<>();
      JsonNode settings = JSON.readTree(Files.readString(folder.resolve(file))).path("config");
      settings.properties().forEach(at -> config.put(at.getKey(), at.getValue().asText()));
      return config;
    } catch (IOException e) {
      throw new StackException("Could not read " + folder.resolve(file), e);
    }
  }

  /** The shop's own account of its stock and payments, to compare the warehouse with. */
  public ShopComparison comparison() {
    Path payments = demo("expected-payments.sql");
    return new ShopComparison(
        text(demo("expected-stock.sql")), Files.exists(payments) ? text(payments) : "");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new StackException("Could not read " + file, e);
    }
  }

  private Path demo(String file) {
    return folder.resolve("demo").resolve(file);
  }
}
