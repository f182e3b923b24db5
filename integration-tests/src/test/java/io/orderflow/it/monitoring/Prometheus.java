package io.orderflow.it.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderflow.it.fixture.Json;
import io.orderflow.stack.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * A Prometheus that scrapes once a second. It has the shipped rules with shorter times, since no
 * test waits for the real ones: conditions need not last, and thresholds are seconds and a
 * megabyte.
 */
final class Prometheus implements AutoCloseable {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static final Map<String, String> SOONER = new LinkedHashMap<>();

  static {
    SOONER.put("horizon_age_seconds) > 300", "horizon_age_seconds) > 3");
    SOONER.put("orders_source_lag_seconds) > 120", "orders_source_lag_seconds) > 3");
    SOONER.put("inventory_sink_lag_seconds) > 120", "inventory_sink_lag_seconds) > 3");
    SOONER.put("le=\"10\"", "le=\"2.5\"");
    SOONER.put("retained_wal_bytes) > 10e9", "retained_wal_bytes) > 1e6");
    SOONER.put("snapshot_progress_percent[15m]", "snapshot_progress_percent[5s]");
    SOONER.put("events_total[15m]", "events_total[5s]");
  }

  private final Process process;
  private final int port;

  private Prometheus(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static Prometheus start(Path folder, List<Integer> exporters) throws IOException {
    Files.createDirectories(folder);
    Path rules = folder.resolve("rules.yml");
    Files.writeString(rules, sooner(Files.readString(Tools.RULES)));
    Path config = folder.resolve("prometheus.yml");
    Files.writeString(config, config(rules, exporters));
    int port = Ports.free();
    Process process =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + config,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("prometheus.log").toFile())
            .start();
    return new Prometheus(process, port);
  }

  private static String sooner(String rules) {
    String changed = rules.replaceAll("for: \\d+m", "for: 0s");
    for (Map.Entry<String, String> threshold : SOONER.entrySet()) {
      if (!changed.contains(threshold.getKey())) {
        throw new IllegalStateException("Expected a rule with " + threshold.getKey());
      }
      changed = changed.replace(threshold.getKey(), threshold.getValue());
    }
    return changed;
  }

  private static String config(Path rules, List<Integer> exporters) {
    return """
    global: {scrape_interval: 1s, evaluation_interval: 1s}
    rule_files: ["%s"]
    scrape_configs:
      - job_name: orderflow
        static_configs: [{targets: [%s]}]
    """
        .formatted(
            rules,
            String.join(
                ", ", exporters.stream().map(exporter -> "'127.0.0.1:" + exporter + "'").toList()));
  }

  /** Whether an alert fires for a connector, or for any if the connector is empty. */
  boolean fires(String alert, String connector) {
    JsonNode alerts = get("/api/v1/alerts").path("data").path("alerts");
    return StreamSupport.stream(alerts.spliterator(), false)
        .filter(each -> each.path("state").asText().equals("firing"))
        .map(each -> each.path("labels"))
        .anyMatch(
            labels ->
                labels.path("alertname").asText().equals(alert)
                    && labels.path("connector").asText().equals(connector));
  }

  /** The current value of the first series of an expression's result; NaN if there is none. */
  double value(String expression) {
    String query = URLEncoder.encode(expression, StandardCharsets.UTF_8);
    return get("/api/v1/query?query=" + query)
        .path("data")
        .path("result")
        .path(0)
        .path("value")
        .path(1)
        .asDouble(Double.NaN);
  }

  private JsonNode get(String path) {
    try {
      return Json.parse(text(URI.create("http://127.0.0.1:" + port + path)));
    } catch (IOException notYet) {
      return Json.parse("{}");
    }
  }

  /** The body of the answer to a GET request. */
  static String text(URI address) throws IOException {
    try {
      return HTTP.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString()).body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted", e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("Interrupted", e));
    }
  }
}
