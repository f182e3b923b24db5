package io.orderflow.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** The stock Kafka jars, which are all that a broker's or worker's class path holds. */
final class KafkaDistribution {
  private static final String LOG4J =
      """
      status = error
      appender.out.type = Console
      appender.out.name = out
      appender.out.layout.type = PatternLayout
      appender.out.layout.pattern = %d{ISO8601} %-5p [%t] %X{connector.context}%m (%c)%n
      rootLogger.level = info
      rootLogger.appenderRef.out.ref = out
      """;

  private final Path libraries;

  private KafkaDistribution(Path libraries) {
    this.libraries = libraries;
  }

  /** The one that the build gathers, or the folder named by {@code orderflow.kafka.libs}. */
  static KafkaDistribution find() {
    String named = System.getProperty("orderflow.kafka.libs");
    Path libraries =
        named == null
            ? Checkout.root().resolve("local-stack/kafka-distribution/target/libs")
            : Path.of(named).toAbsolutePath();
    if (!Files.isDirectory(libraries)) {
      throw new StackException(
          "Expected Kafka's jars in "
              + libraries
              + ". Gather them with: mvn -pl local-stack/kafka-distribution process-resources");
    }
    return new KafkaDistribution(libraries);
  }

  /** The command that runs a main class of Kafka, its log on standard output. */
  List<String> command(
      StackFolder folder, List<String> jvmOptions, String mainClass, String... arguments) {
    Path log4j = folder.path().resolve("log4j2.properties");
    try {
      if (!Files.exists(log4j)) {
        Files.writeString(log4j, LOG4J);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Could not write " + log4j, e);
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.add("-Djava.awt.headless=true");
    command.add("-Dlog4j2.configurationFile=" + log4j.toUri());
    command.add("-cp");
    command.add(libraries + "/*");
    command.add(mainClass);
    command.addAll(List.of(arguments));
    return command;
  }

  /** Writes settings as a properties file, for a command to read. */
  static void write(Path file, Map<String, String> settings) {
    var properties = new Properties();
    properties.putAll(settings);
    try (var writer = Files.newBufferedWriter(file)) {
      properties.store(writer, null);
    } catch (IOException e) {
      throw new UncheckedIOException("Could not write " + file, e);
    }
  }
}
