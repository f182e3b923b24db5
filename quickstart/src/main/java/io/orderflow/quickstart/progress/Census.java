package io.orderflow.quickstart.progress;

import io.orderflow.stack.ConnectRest;
import io.orderflow.stack.ConnectorStatus;
import io.orderflow.stack.RestFailure;
import io.orderflow.stack.StackException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** What is counted every second, each part by a thread of its own, for another to show. */
public final class Census {

  private static final String OUTCOMES =
      "SELECT state, count(*) FROM order_inventory GROUP BY state";
  private static final String OVERSOLD =
      "SELECT count(*) FROM stock WHERE reserved > on_hand OR reserved < 0";

  private volatile Map<String, Long> outcomes = Map.of();
  private final AtomicLong oversold = new AtomicLong();
  private volatile String tasks = "";

  /** Counts in the warehouse. */
  public void countWarehouse(Connection connection) throws SQLException {
    Map<String, Long> counted = new HashMap<>();
    try (Statement statement = connection.createStatement()) {
      try (ResultSet rows = statement.executeQuery(OUTCOMES)) {
        while (rows.next()) {
          counted.put(rows.getString(1), rows.getLong(2));
        }
      }
      try (ResultSet rows = statement.executeQuery(OVERSOLD)) {
        rows.next();
        oversold.addAndGet(rows.getLong(1));
      }
    }
    outcomes = Map.copyOf(counted);
  }

  /** Asks the cluster for its tasks. */
  public void countTasks(ConnectRest rest, List<String> connectors) {
    try {
      List<ConnectorStatus.Task> all =
          connectors.stream().flatMap(name -> rest.status(name).tasks().stream()).toList();
      List<ConnectorStatus.Task> running =
          all.stream().filter(task -> task.state().equals("RUNNING")).toList();
      long workers = running.stream().map(ConnectorStatus.Task::workerId).distinct().count();
      tasks =
          "%d of %d tasks running on %d %s"
              .formatted(running.size(), all.size(), workers, workers == 1 ? "worker" : "workers");
    } catch (RestFailure | StackException e) {
      tasks = "the cluster does not tell its tasks";
    }
  }

  /** By state, how many orders the warehouse has. */
  public Map<String, Long> outcomes() {
    return outcomes;
  }

  /** How many SKUs were found oversold, over all counts. */
  public long oversold() {
    return oversold.get();
  }

  /** What runs, in words. */
  public String tasks() {
    return tasks;
  }
}
