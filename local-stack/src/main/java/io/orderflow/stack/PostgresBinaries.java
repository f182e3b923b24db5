package io.orderflow.stack;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** The embedded PostgreSQL's programs for this machine, unpacked once per archive and user. */
final class PostgresBinaries {
  private PostgresBinaries() {}

  /** Those on the class path: the folder that holds {@code bin}, {@code lib} and {@code share}. */
  static Path unpacked() {
    String system = System.getProperty("os.name").startsWith("Mac") ? "Darwin" : "Linux";
    try (InputStream archive =
        DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, System.getProperty("os.arch"))) {
      return unpacked(archive);
    } catch (IOException e) {
      throw new UncheckedIOException("Could not unpack PostgreSQL's programs", e);
    }
  }

  /** The same of a jar that holds those for this machine. */
  static Path unpacked(Path jar) {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      ZipEntry archive =
          zip.stream()
              .filter(entry -> entry.getName().endsWith(".txz"))
              .findFirst()
              .orElseThrow(() -> new StackException("Expected a .txz with programs in " + jar));
      return unpacked(zip.getInputStream(archive));
    } catch (IOException e) {
      throw new UncheckedIOException("Could not unpack PostgreSQL's programs of " + jar, e);
    }
  }

  private static Path unpacked(InputStream archive) throws IOException {
    byte[] bytes = archive.readAllBytes();
    Path parent =
        Path.of(
            System.getProperty("java.io.tmpdir"),
            "orderflow-postgres-" + System.getProperty("user.name"));
    Files.createDirectories(parent);
    Path folder = parent.resolve(digest(bytes));
    if (!Files.isDirectory(folder)) {
      unpack(bytes, parent, folder);
    }
    return folder;
  }

  private static String digest(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return String.format("%064x", new BigInteger(1, digest)).substring(0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  /** Into a folder beside, then renamed: others see all of it or nothing. */
  private static void unpack(byte[] archive, Path parent, Path folder) throws IOException {
    Path unfinished = Files.createTempDirectory(parent, "unpacking-");
    // An ordinary user that PostgreSQL runs as for root has to come in, too.
    unfinished.toFile().setExecutable(true, false);
    unfinished.toFile().setReadable(true, false);
    try (var tar =
        new TarArchiveInputStream(new XZCompressorInputStream(new ByteArrayInputStream(archive)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        extract(tar, entry, unfinished);
      }
    }
    try {
      Files.move(unfinished, folder);
    } catch (FileSystemException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
      // Another process was faster.
      Trees.delete(unfinished);
    }
  }

  private static void extract(TarArchiveInputStream tar, TarArchiveEntry entry, Path folder)
      throws IOException {
    Path target = folder.resolve(entry.getName()).normalize();
    if (!target.startsWith(folder)) {
      throw new IOException("An entry points out of the archive: " + entry.getName());
    }
    if (entry.isDirectory()) {
      Files.createDirectories(target);
      return;
    }
    Files.createDirectories(target.getParent());
    if (entry.isSymbolicLink() || entry.isLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
    } else {
      Files.copy(tar, target);
      if (target.startsWith(folder.resolve("bin"))) {
        target.toFile().setExecutable(true, false);
      }
    }
  }
}
