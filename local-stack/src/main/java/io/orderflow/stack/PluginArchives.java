package io.orderflow.stack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Plugin archives as they are shipped: zip files that unpack into a worker's plugin path. */
public final class PluginArchives {
  private static final List<String> CONNECTORS =
      List.of("connector-orders-source", "connector-inventory-sink");

  private PluginArchives() {}

  /**
   * The archives of both connectors, as the last build of this checkout left them.
   *
   * @throws StackException if one is not built
   */
  public static List<Path> ofThisCheckout() {
    return CONNECTORS.stream().map(PluginArchives::of).toList();
  }

  private static Path of(String module) {
    Path target = Checkout.root().resolve(module).resolve("target");
    List<Path> archives = List.of();
    if (Files.isDirectory(target)) {
      try (Stream<Path> files = Files.list(target)) {
        archives = files.filter(file -> file.toString().endsWith("-plugin.zip")).toList();
      } catch (IOException e) {
        throw new UncheckedIOException("Could not list " + target, e);
      }
    }
    if (archives.size() != 1) {
      throw new StackException(
          "Expected one *-plugin.zip in "
              + target
              + ", found "
              + archives
              + ". Build it with: mvn -DskipTests -pl "
              + String.join(",", CONNECTORS)
              + " -am clean package");
    }
    return archives.get(0);
  }

  /** Unpacks archives into a new folder, which becomes part of a plugin path. */
  static void unpack(List<Path> archives, Path folder) {
    try {
      Files.createDirectory(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("Could not create " + folder, e);
    }
    archives.forEach(archive -> unpack(archive, folder));
  }

  private static void unpack(Path archive, Path folder) {
    try (InputStream file = Files.newInputStream(archive);
        ZipInputStream zip = new ZipInputStream(file)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path target = folder.resolve(entry.getName()).normalize();
        if (!target.startsWith(folder)) {
          throw new StackException("An entry points out of " + archive + ": " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(target.getParent());
          Files.copy(zip, target);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Could not unpack " + archive, e);
    }
  }
}
