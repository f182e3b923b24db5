package io.orderflow.sink.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * More tasks than the role may have connections: they take turns, for as long as there is traffic.
 */
class LimitedConnectionsTest {

  private static final int TASKS = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void tasksTakeTurnsWhileThereIsTraffic() throws Exception {
    // Given
    ExecutorService threads = Executors.newCachedThreadPool();
    AtomicBoolean ended = new AtomicBoolean();
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT)) {
      database.execute(
          """
          DROP ROLE IF EXISTS packer;
          CREATE ROLE packer LOGIN PASSWORD 'packer' CONNECTION LIMIT 2;
          GRANT SELECT, INSERT, UPDATE ON stock, order_inventory, payments TO packer""");
      try {
        // When: each has new records all the time
        List<Future<?>> tasks =
            IntStream.range(0, TASKS)
                .<Future<?>>mapToObj(task -> threads.submit(() -> deliver(database, task, ended)))
                .toList();

        // Then
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline && tasksWithPayments(database) < TASKS) {
          Thread.sleep(100);
        }
        assertEquals(TASKS, tasksWithPayments(database));
        ended.set(true);
        for (Future<?> task : tasks) {
          task.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
      } finally {
        ended.set(true);
        threads.shutdown();
        threads.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        database.execute("DROP OWNED BY packer; DROP ROLE packer");
      }
    }
  }

  private static int tasksWithPayments(WarehouseDatabase database) throws SQLException {
    return database.rows("SELECT DISTINCT order_id / 1000000 FROM payments").size();
  }

  private static void deliver(WarehouseDatabase database, int task, AtomicBoolean ended) {
    Map<String, String> settings = RunningSink.settings(database);
    settings.put("database.user", "packer");
    settings.put("database.password", "packer");
    settings.put("retry.backoff.max.ms", "1000");
    try (RunningSink sink = RunningSink.with(settings, new FakeSinkContext(true))) {
      for (long id = task * 1_000_000L; !ended.get(); ) {
        if (!sink.context().isPaused()) {
          sink.deliver(List.of(Events.payment(id++, 1, "PAID")));
        }
        sink.poll();
        LockSupport.parkNanos(2_000_000);
      }
    }
  }
}
