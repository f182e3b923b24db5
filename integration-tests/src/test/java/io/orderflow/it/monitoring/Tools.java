package io.orderflow.it.monitoring;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.orderflow.stack.Checkout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The files of config-examples/monitoring, and the programs that read them. */
final class Tools {

  static final Path FOLDER = Checkout.root().resolve("config-examples/monitoring");
  static final Path RULES = FOLDER.resolve("prometheus/orderflow-alerts.yml");
  static final Path DASHBOARD = FOLDER.resolve("grafana/dashboards/orderflow.json");

  /** Put there by the build. */
  static final Path EXPORTER =
      Path.of("target/agents/jmx_prometheus_javaagent.jar").toAbsolutePath();

  private Tools() {}

  /** Skips the test if a program of Debian's package prometheus is missing. */
  static void require(String program) {
    assumeTrue(
        Arrays.stream(System.getenv("PATH").split(":", -1))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program))),
        "expected the program " + program + ", found none: apt-get install prometheus");
  }
}
