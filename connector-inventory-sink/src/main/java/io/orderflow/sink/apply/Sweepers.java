package io.orderflow.sink.apply;

import io.orderflow.common.database.Database;
import io.orderflow.sink.warehouse.BackorderSweep;
import io.orderflow.sink.warehouse.BackorderTables;
import io.orderflow.sink.warehouse.ExpirySweep;
import io.orderflow.sink.warehouse.Sweep;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.connect.errors.ConnectException;

/** The sweepers of a task: none, unless reservations can expire or orders wait for stock. */
final class Sweepers implements AutoCloseable {

  private final List<Sweeper> running;

  private Sweepers(List<Sweeper> running) {
    this.running = List.copyOf(running);
  }

  /**
   * Starts as many as the settings need.
   *
   * @param taskName prefix of the threads' names
   */
  static Sweepers start(
      String taskName,
      SinkSettings settings,
      Database database,
      TableBootstrap bootstrap,
      AppliedTime applied,
      SinkMetrics metrics) {
    List<Sweeper> running = new ArrayList<>();
    if (settings.rules().expire()) {
      running.add(
          start(
              taskName,
              SweepKind.EXPIRY,
              settings,
              database,
              bootstrap,
              applied,
              metrics,
              known -> ofExpiry(known, settings, database, applied, metrics)));
    }
    BackorderTables backorders = settings.tables().backorders();
    if (backorders != null) {
      running.add(
          start(
              taskName,
              SweepKind.BACKORDERS,
              settings,
              database,
              bootstrap,
              applied,
              metrics,
              known -> ofBackorders(known, settings, database, backorders, metrics)));
    }
    return new Sweepers(running);
  }

  private static Sweeper start(
      String taskName,
      SweepKind kind,
      SinkSettings settings,
      Database database,
      TableBootstrap bootstrap,
      AppliedTime applied,
      SinkMetrics metrics,
      Function<KnownTables, Sweep> opener) {
    return Sweeper.start(
        taskName + kind.suffix(), kind, settings, database, bootstrap, applied, metrics, opener);
  }

  private static Sweep ofExpiry(
      KnownTables known,
      SinkSettings settings,
      Database database,
      AppliedTime applied,
      SinkMetrics metrics) {
    ExpirySweep sweep =
        new ExpirySweep(
            database, settings.tables(), known.orderIds(), known.scale(), settings.rules());
    return new Sweep() {
      @Override
      public boolean sweep(int maxOrders) throws SQLException {
        Optional<Instant> due = applied.upTo();
        if (due.isEmpty()) {
          return false;
        }
        ExpirySweep.Result result = sweep.release(due.get(), maxOrders);
        metrics.expiry().swept(result);
        return result.mayLeaveMore();
      }

      @Override
      public Optional<Object> soleOrder() {
        return sweep.soleOrder();
      }
    };
  }

  private static Sweep ofBackorders(
      KnownTables known,
      SinkSettings settings,
      Database database,
      BackorderTables tables,
      SinkMetrics metrics) {
    BackorderSweep sweep =
        new BackorderSweep(
            database, settings.tables(), tables, known.orderIds(), known.scale(), settings.rules());
    return new Sweep() {
      @Override
      public boolean sweep(int maxOrders) throws SQLException {
        BackorderSweep.Result result = sweep.fill(maxOrders);
        metrics.backorders().filled(result);
        return result.mayLeaveMore();
      }

      @Override
      public Optional<Object> soleOrder() {
        return sweep.soleOrder();
      }
    };
  }

  boolean areNone() {
    return running.isEmpty();
  }

  /**
   * Checks that all run.
   *
   * @throws ConnectException that has ended one of them
   */
  void check() {
    running.forEach(Sweeper::check);
  }

  /** Requests the threads to end, without waiting for them. */
  void requestEnd() {
    running.forEach(Sweeper::requestEnd);
  }

  @Override
  public void close() {
    running.forEach(Sweeper::close);
  }
}
