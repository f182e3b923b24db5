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

  /** The same for Log4j 1, with which Kafka logs before 4.0. */
  private static final String LOG4J_1 =
      """
      log4j.rootLogger = INFO, out
      log4j.appender.out = org.apache.log4j.ConsoleAppender
      log4j.appender.out.layout = org.apache.log4j.PatternLayout
      log4j.appender.out.layout.ConversionPattern = %d{ISO8601} %-5p [%t] %X{connector.context}%m (%c)%n
      """;

  private static final String CLUSTER_ID = "T3JkZXJmbG93U3RhY2swMQ";
  private static final List<String> FORMATTER =
      List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

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
    return in(libraries);
  }

  /** The one whose jars are in a folder. */
  static KafkaDistribution in(Path libraries) {
    if (!Files.isDirectory(libraries)) {
      throw new StackException(
          "Expected Kafka's jars in "
              + libraries
              + ". Gather them with: mvn -pl local-stack/kafka-distribution process-resources");
    }
    return new KafkaDistribution(libraries);
  }

  /** Writes the settings of a Kafka node and formats its storage; the process is not launched. */
  ServerProcess prepare(StackFolder folder, String name, ProcessSettings node) {
    Path file = folder.path().resolve(name + ".properties");
    write(file, node.properties());
    Shell.run(
        command(
            folder,
            FORMATTER,
            "kafka.tools.StorageTool",
            "format",
            "-t",
            CLUSTER_ID,
            "-c",
            file.toString()),
        folder.logs().resolve(name + "-format.log"));
    List<String> command = command(folder, node.jvmOptions(), "kafka.Kafka", file.toString());
    return new ServerProcess(name, folder, command, ServerProcess.Signals.JAVA);
  }

  /** The command that runs a main class of Kafka, its log on standard output. */
  List<String> command(
      StackFolder folder, List<String> jvmOptions, String mainClass, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djava.awt.headless=true");
    Path log4j2 = written(folder.path().resolve("log4j2.properties"), LOG4J);
    command.add("-Dlog4j2.configurationFile=" + log4j2.toUri());
    Path log4j = written(folder.path().resolve("log4j.properties"), LOG4J_1);
    command.add("-Dlog4j.configuration=" + log4j.toUri());
    // Of two values of one property, the last one counts.
    command.addAll(jvmOptions);
    command.add("-cp");
    command.add(libraries + "/*");
    command.add(mainClass);
    command.addAll(List.of(arguments));
    return command;
  }

  private static Path written(Path file, String text) {
    try {
      if (!Files.exists(file)) {
        Files.writeString(file, text);
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException("Could not write " + file, e);
    }
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
