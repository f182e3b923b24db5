package io.orderflow.stack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The Connect REST API. Requests go to whichever worker answers, and are repeated for up to 150
 * seconds while the cluster rebalances or cannot be reached. All other answers above 299 are a
 * {@link RestFailure} with the answer's text.
 */
public final class ConnectRest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A failed state that ends by itself, as after a restart, is no failure. */
  private static final Duration FAILED_FOR = Duration.ofSeconds(3);

  private final RestTransport transport;

  /**
   * @param workers asked again for each request
   */
  public ConnectRest(Supplier<List<URI>> workers) {
    this.transport = new RestTransport(workers);
  }

  /** {@code GET /}: version, commit and the ID of the Kafka cluster. */
  public JsonNode server() {
    return send("GET", "", null);
  }

  /** The connector plugins that the worker found, one object with class, type and version each. */
  public JsonNode plugins() {
    return send("GET", "connector-plugins", null);
  }

  public List<String> connectors() {
    List<String> names = new ArrayList<>();
    send("GET", "connectors", null).forEach(name -> names.add(name.asText()));
    return names;
  }

  /** Creates a connector from a file's text: an object with {@code name} and {@code config}. */
  public JsonNode create(String json) {
    return parse(transport.send("POST", "connectors", json));
  }

  /** Creates a connector, or gives an existing one another configuration. */
  public JsonNode put(String name, Map<String, String> config) {
    return send("PUT", "connectors/" + name + "/config", config);
  }

  /** The answer counts the errors and lists each setting with what is wrong with it. */
  public JsonNode validate(String connectorClass, Map<String, String> config) {
    return send("PUT", "connector-plugins/" + connectorClass + "/config/validate", config);
  }

  public ConnectorStatus status(String name) {
    return ConnectorStatus.of(send("GET", "connectors/" + name + "/status", null));
  }

  /**
   * Returns once the connector and exactly {@code tasks} tasks run.
   *
   * @throws StackException if they do not in time, or, with its trace, if one of them has failed
   */
  public ConnectorStatus awaitRunning(String name, int tasks, Duration timeout) {
    return await(name, tasks + " tasks run", timeout, status -> status.isRunning(tasks));
  }

  /** Returns once the connector is in the state, STOPPED for example, and its tasks are, too. */
  public ConnectorStatus awaitState(String name, String state, Duration timeout) {
    return await(
        name,
        "is " + state,
        timeout,
        status ->
            status.state().equals(state)
                && status.tasks().stream().allMatch(task -> task.state().equals(state)));
  }

  private ConnectorStatus await(
      String name, String what, Duration timeout, Predicate<ConnectorStatus> condition) {
    AtomicReference<Instant> failedSince = new AtomicReference<>(Instant.MAX);
    return Polling.until(
        name + ": " + what,
        timeout,
        () -> {
          ConnectorStatus status = statusOrUnassigned(name);
          if (!condition.test(status)) {
            failIfItStaysFailed(status, failedSince);
          }
          return status;
        },
        condition);
  }

  /** A connector has no status until it has been assigned to a worker. */
  private ConnectorStatus statusOrUnassigned(String name) {
    try {
      return status(name);
    } catch (RestFailure e) {
      if (e.status() == 404) {
        return new ConnectorStatus(name, "UNASSIGNED", "", e.body(), List.of());
      }
      throw e;
    }
  }

  private static void failIfItStaysFailed(
      ConnectorStatus status, AtomicReference<Instant> failedSince) {
    Instant now = Instant.now();
    Instant since =
        failedSince.updateAndGet(
            known ->
                status.failures().isEmpty()
                    ? Instant.MAX
                    : known.equals(Instant.MAX) ? now : known);
    if (since.isBefore(now.minus(FAILED_FOR))) {
      throw new StackException(status.name() + " has failed. " + status.failures());
    }
  }

  public void pause(String name) {
    send("PUT", "connectors/" + name + "/pause", null);
  }

  public void resume(String name) {
    send("PUT", "connectors/" + name + "/resume", null);
  }

  /** Ends the connector's tasks and keeps its configuration; offsets can be changed then. */
  public void stop(String name) {
    send("PUT", "connectors/" + name + "/stop", null);
  }

  /** Restarts the connector and all its tasks. */
  public void restart(String name) {
    send("POST", "connectors/" + name + "/restart?includeTasks=true", null);
  }

  public void delete(String name) {
    send("DELETE", "connectors/" + name, null);
  }

  /** An object with {@code offsets}: an array of pairs of partition and offset. */
  public JsonNode offsets(String name) {
    return send("GET", "connectors/" + name + "/offsets", null);
  }

  /** Sets offsets of a stopped connector, in the form in which {@link #offsets} gives them. */
  public JsonNode patchOffsets(String name, JsonNode offsets) {
    return send("PATCH", "connectors/" + name + "/offsets", offsets);
  }

  /** Forgets all offsets of a stopped connector. */
  public JsonNode deleteOffsets(String name) {
    return send("DELETE", "connectors/" + name + "/offsets", null);
  }

  private JsonNode send(String method, String path, @Nullable Object body) {
    try {
      String json = body == null ? null : JSON.writeValueAsString(body);
      return parse(transport.send(method, path, json));
    } catch (JsonProcessingException e) {
      throw new StackException("Could not write the body of " + method + " /" + path, e);
    }
  }

  private static JsonNode parse(String json) {
    try {
      return json.isEmpty() ? MissingNode.getInstance() : JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new StackException("Expected JSON, found: " + json, e);
    }
  }
}
