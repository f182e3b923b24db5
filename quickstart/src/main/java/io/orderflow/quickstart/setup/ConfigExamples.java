package io.orderflow.quickstart.setup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The folder of shipped SQL and connector configurations.
 *
 * @param folder {@code config-examples} of a checkout
 */
public record ConfigExamples(Path folder) {

  /**
   * The folder of this checkout: the system property {@code orderflow.root} names its root.
   *
   * @throws IllegalStateException if it is not there
   */
  public static ConfigExamples ofThisCheckout() {
    Path folder = Path.of(System.getProperty("orderflow.root", ".")).resolve("config-examples");
    if (!Files.isDirectory(folder)) {
      throw new IllegalStateException(
          folder.toAbsolutePath()
              + " does not exist; run quickstart.sh, or name the checkout:"
              + " -Dorderflow.root=<folder>");
    }
    return new ConfigExamples(folder);
  }

  /** The tables of a shop that knows nothing of Orderflow. */
  public Path shopSchema() {
    return sql("shop-example-schema.sql");
  }

  /** The change tracking of the orders source. */
  public Path shopInstall() {
    return sql("shop-install.sql");
  }

  /** The tables of the inventory sink. */
  public Path warehouseInstall() {
    return sql("warehouse-install.sql");
  }

  private Path sql(String name) {
    return folder.resolve("sql").resolve(name);
  }

  /** The orders source, with its placeholders filled. */
  public ConnectorFile ordersSource(Map<String, String> values) {
    return ConnectorFile.read(folder.resolve("orders-source.json"), values);
  }

  /** The inventory sink, with its placeholders filled. */
  public ConnectorFile inventorySink(Map<String, String> values) {
    return ConnectorFile.read(folder.resolve("inventory-sink.json"), values);
  }
}
