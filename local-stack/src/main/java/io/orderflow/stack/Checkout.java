package io.orderflow.stack;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The checkout of Orderflow, in which builds leave the Kafka distribution and the plugins. */
final class Checkout {
  private Checkout() {}

  /**
   * The root, as the system property {@code orderflow.root} names it, else the nearest folder
   * upwards of the working directory that looks like it.
   */
  static Path root() {
    String named = System.getProperty("orderflow.root");
    if (named != null) {
      return Path.of(named).toAbsolutePath();
    }
    @Nullable Path folder = Path.of("").toAbsolutePath();
    while (folder != null) {
      if (Files.isDirectory(folder.resolve("local-stack/kafka-distribution"))) {
        return folder;
      }
      folder = folder.getParent();
    }
    throw new StackException(
        "Not inside a checkout of Orderflow. Run from there, or name it: -Dorderflow.root=<folder>");
  }
}
