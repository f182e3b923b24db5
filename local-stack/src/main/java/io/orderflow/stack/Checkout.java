package io.orderflow.stack;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The checkout of Orderflow, in which builds leave the Kafka distribution and the plugins. */
public final class Checkout {
  private Checkout() {}

  /**
   * The root, as the system property {@code orderflow.root} names it, else the nearest folder
   * upwards of the working directory that looks like it.
   */
  public static Path root() {
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
        "Not inside a checkout of Orderflow. Run from there, or name it:"
            + " -Dorderflow.root=<folder>");
  }

  /** A file of {@code config-examples/sql}. */
  public static Path sql(String file) {
    return root().resolve("config-examples/sql").resolve(file);
  }

  /** The version of the build that runs this process. */
  public static String version() {
    return property("orderflow.version");
  }

  /**
   * The image of a server, as the build names it.
   *
   * @param server {@code kafka} or {@code postgres}
   */
  public static String image(String server) {
    return property("orderflow.image." + server);
  }

  private static String property(String name) {
    String value = System.getProperty(name);
    if (value == null) {
      throw new StackException("-D" + name + " is not set; the build sets it");
    }
    return value;
  }
}
