package io.orderflow.stack;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The states of a connector and its tasks, as the cluster last heard of them: those on a worker
 * that was just killed look alive until the group notices.
 *
 * @param state RUNNING, PAUSED, STOPPED, FAILED, UNASSIGNED or RESTARTING
 * @param trace the stack trace of a connector that failed, else empty
 */
public record ConnectorStatus(
    String name, String state, String workerId, String trace, List<Task> tasks) {

  /** One task; the states are those of connectors. */
  public record Task(int id, String state, String workerId, String trace) {}

  static ConnectorStatus of(JsonNode json) {
    List<Task> tasks = new ArrayList<>();
    for (JsonNode task : json.path("tasks")) {
      tasks.add(
          new Task(
              task.path("id").asInt(),
              task.path("state").asText(),
              task.path("worker_id").asText(),
              task.path("trace").asText()));
    }
    JsonNode connector = json.path("connector");
    return new ConnectorStatus(
        json.path("name").asText(),
        connector.path("state").asText(),
        connector.path("worker_id").asText(),
        connector.path("trace").asText(),
        List.copyOf(tasks));
  }

  /** Whether the connector and exactly {@code count} tasks are RUNNING. */
  public boolean isRunning(int count) {
    return state.equals("RUNNING")
        && tasks.size() == count
        && tasks.stream().allMatch(task -> task.state().equals("RUNNING"));
  }

  /** Stack traces of whatever failed; empty if nothing did. */
  public String failures() {
    String ofTasks =
        tasks.stream()
            .filter(task -> task.state().equals("FAILED"))
            .map(task -> "Task " + task.id() + ": " + task.trace())
            .collect(Collectors.joining("\n"));
    return state.equals("FAILED") ? "Connector: " + trace + '\n' + ofTasks : ofTasks;
  }
}
