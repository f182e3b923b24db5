package io.orderflow.stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One distributed worker of the stack's Connect cluster. */
public final class LocalWorker extends ProcessServer {
  private static final Duration READY_WITHIN = Duration.ofMinutes(2);
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  private final int port;

  private LocalWorker(int port, ServerProcess process) {
    super(process, READY_WITHIN);
    this.port = port;
  }

  static LocalWorker launch(
      StackFolder folder,
      KafkaDistribution kafka,
      String name,
      Map<String, String> clusterSettings,
      List<String> jvmOptions) {
    int port = Ports.free();
    Map<String, String> settings = new LinkedHashMap<>(clusterSettings);
    settings.put("listeners", "http://127.0.0.1:" + port);
    settings.put("rest.advertised.host.name", "127.0.0.1");
    settings.put("rest.advertised.port", Integer.toString(port));
    settings.put("client.id", name);
    Path file = folder.path().resolve(name + ".properties");
    KafkaDistribution.write(file, settings);
    List<String> command =
        kafka.command(
            folder, jvmOptions, "org.apache.kafka.connect.cli.ConnectDistributed", file.toString());
    var process = new ServerProcess(name, folder, command, ServerProcess.Signals.JAVA);
    process.launch();
    return new LocalWorker(port, process);
  }

  /**
   * A worker is ready once it is a member of the group: it answers requests for connectors then.
   */
  @Override
  Optional<String> probe() throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri().resolve("/connectors")).timeout(Duration.ofSeconds(5)).build();
    try {
      int status = HTTP.send(request, BodyHandlers.discarding()).statusCode();
      return status == 200 ? Optional.empty() : Optional.of("GET /connectors: " + status);
    } catch (IOException e) {
      return Optional.of("GET /connectors: " + e);
    }
  }

  /** Its REST address, as in {@code http://127.0.0.1:20000/}. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + port + '/');
  }

  /** The worker's ID in the Connect cluster's statuses: {@code host:port}. */
  public String workerId() {
    return "127.0.0.1:" + port;
  }
}
