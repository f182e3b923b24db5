package io.orderflow.it.runbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.stack.Checkout;
import io.orderflow.stack.LocalStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Runs the blocks of runbooks with bash, curl, jq and psql, in a folder with the examples. Only
 * addresses are others, and what a block calls by an example's number.
 */
final class Operator {
  private static final List<String> KAFKA_TOOLS =
      List.of(
          "kafka-consumer-groups=org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
          "kafka-configs=kafka.admin.ConfigCommand",
          "kafka-console-producer=org.apache.kafka.tools.ConsoleProducer",
          "kafka-console-consumer=org.apache.kafka.tools.consumer.ConsoleConsumer",
          "kafka-get-offsets=org.apache.kafka.tools.GetOffsetShell",
          "kafka-topics=org.apache.kafka.tools.TopicCommand",
          "kafka-transactions=org.apache.kafka.tools.TransactionsCommand");

  private final Runbook page;
  private final LocalStack stack;
  private final Path folder;
  private final Map<String, String> values = new HashMap<>();
  private final Set<Runbook.Block> done = new LinkedHashSet<>();

  private Operator(Runbook page, LocalStack stack, Path folder) {
    this.page = page;
    this.stack = stack;
    this.folder = folder;
  }

  /**
   * The operator's desk: commands that answer errors with a status, and examples that are filled
   * in.
   */
  static Operator of(Runbook page, LocalStack stack) throws IOException {
    Path folder = stack.folder().resolve("operator");
    Path bin = Files.createDirectories(folder.resolve("bin"));
    script(bin.resolve("curl"), "exec /usr/bin/curl --fail-with-body \"$@\"");
    Path libraries = Checkout.root().resolve("local-stack/kafka-distribution/target/libs");
    Path tools = Checkout.root().resolve("integration-tests/target/kafka-tools");
    for (String tool : KAFKA_TOOLS) {
      String[] parts = tool.split("=", 2);
      script(
          bin.resolve(parts[0] + ".sh"),
          "exec java -XX:TieredStopAtLevel=1 -cp '%s/*:%s/*' %s \"$@\" 2> >(grep -v SLF4J >&2)"
              .formatted(libraries, tools, parts[1]));
    }
    copyExamples(stack, folder.resolve("config-examples"));
    return new Operator(page, stack, folder);
  }

  private static void script(Path file, String command) throws IOException {
    Files.writeString(file, "#!/bin/bash\n" + command + '\n');
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void copyExamples(LocalStack stack, Path copy) throws IOException {
    Path examples = Checkout.root().resolve("config-examples");
    try (var files = Files.walk(examples)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = copy.resolve(examples.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.writeString(target, filled(stack, Files.readString(file)));
      }
    }
  }

  private static String filled(LocalStack stack, String text) {
    String filled = text;
    for (String database : List.of("shop", "warehouse")) {
      String variable = "${env:" + database.toUpperCase(Locale.ROOT) + "_DATABASE_";
      filled =
          filled
              .replace(variable + "URL}", stack.postgres().jdbcUrl(database))
              .replace(variable + "USER}", stack.postgres().user())
              .replace(variable + "PASSWORD}", stack.postgres().password());
    }
    return filled;
  }

  /** Replaces the example's value by this one from now on. */
  void means(String example, Object value) {
    values.put(example, String.valueOf(value));
  }

  /** The blocks of the page under a heading. */
  List<Runbook.Block> section(String heading) {
    return page.section(heading);
  }

  /** Runs all blocks under a heading, and returns their output. */
  String run(String heading) throws IOException, InterruptedException {
    return run(section(heading));
  }

  /** Runs the blocks one after the other, and returns their output. */
  String run(List<Runbook.Block> blocks) throws IOException, InterruptedException {
    var printed = new StringBuilder();
    for (Runbook.Block block : blocks) {
      done.add(block);
      printed.append(
          block.language().equals("sh")
              ? bash(block.text())
              : psql(block.language().substring("sql ".length()), block.text()));
    }
    return printed.toString();
  }

  /** Fails unless every block of the page has been run. */
  void assertAllDone() {
    assertEquals(List.of(), page.blocks().stream().filter(block -> !done.contains(block)).toList());
  }

  String bash(String text) throws IOException, InterruptedException {
    return run("set -eu -o pipefail\n" + text, "bash");
  }

  String psql(String database, String text) throws IOException, InterruptedException {
    return run(text, "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", database);
  }

  private String run(String text, String... command) throws IOException, InterruptedException {
    String input = text.replace("localhost:8083", rest()).replace("localhost:9092", kafka());
    for (Map.Entry<String, String> value : values.entrySet()) {
      input = input.replace(value.getKey(), value.getValue());
    }
    Path script = Files.writeString(folder.resolve("input"), input + '\n');
    Path output = folder.resolve("output");
    var builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(script.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("PATH", folder.resolve("bin") + ":" + environment.get("PATH"));
    environment.put("PGHOST", "127.0.0.1");
    environment.put("PGPORT", Integer.toString(stack.localPostgres().port()));
    environment.put("PGUSER", stack.postgres().user());
    environment.put("PGPASSWORD", stack.postgres().password());
    Process process = builder.start();
    boolean ended = process.waitFor(2, TimeUnit.MINUTES);
    String printed = Files.readString(output);
    if (!ended) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    assertTrue(ended, () -> "Not within 2 min: " + text + '\n' + printed);
    assertEquals(0, process.exitValue(), () -> text + '\n' + printed);
    return printed;
  }

  private String rest() {
    return stack.workers().get(0).workerId();
  }

  private String kafka() {
    return stack.kafka().bootstrapServers();
  }
}
