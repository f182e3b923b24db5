package io.orderflow.sink.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * More tasks than the role may have connections: they take turns, for as long as there is traffic.
 */
class LimitedConnectionsTest {

  private static final Logger LOG = LoggerFactory.getLogger(LimitedConnectionsTest.class);
  private static final int TASKS = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void tasksTakeTurnsWhileThereIsTraffic() throws Exception {
    // Given
    ExecutorService threads = Executors.newCachedThreadPool();
    AtomicBoolean ended = new AtomicBoolean();
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT)) {
      createPacker(database);
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
        dropPacker(database);
      }
    }
  }

  /** A role that allows one task no connection more, or one more: the log shows the difference. */
  @Test
  void limitThatOneTaskReachesCostsLittle() throws Exception {
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT)) {
      createPacker(database);
      try {
        for (int limit : List.of(1, 2)) {
          database.execute("ALTER ROLE packer CONNECTION LIMIT " + limit);
          AtomicBoolean ended = new AtomicBoolean();
          ExecutorService thread = Executors.newSingleThreadExecutor();
          Future<?> task = thread.submit(() -> deliver(database, limit, ended));
          Thread.sleep(2_500);
          ended.set(true);
          task.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
          thread.shutdown();
          String payments =
              database
                  .rows("SELECT count(*) FROM payments WHERE order_id / 1000000 = " + limit)
                  .get(0);
          LOG.info("With {} connections for one task: {} payments", limit, payments);
          assertNotEquals("0", payments);
        }
      } finally {
        dropPacker(database);
      }
    }
  }

  private static void createPacker(WarehouseDatabase database) throws SQLException {
    database.execute(
        """
        DROP ROLE IF EXISTS packer;
        CREATE ROLE packer LOGIN PASSWORD 'packer' CONNECTION LIMIT 2;
        GRANT SELECT, INSERT, UPDATE ON stock, order_inventory, payments TO packer""");
  }

  private static void dropPacker(WarehouseDatabase database) throws SQLException {
    database.execute("DROP OWNED BY packer; DROP ROLE packer");
  }

  private static int tasksWithPayments(WarehouseDatabase database) throws SQLException {
    return database.rows("SELECT DISTINCT order_id / 1000000 FROM payments").size();
  }

  private static void deliver(WarehouseDatabase database, int task, AtomicBoolean ended) {
    Map<String, String> settings = RunningSink.settings(database);
    settings.put("database.user", "packer");
    settings.put("database.password", "packer");
    settings.put("retry.backoff.max.ms", "1000");
    settings.put("batch.max.records", "1");
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
