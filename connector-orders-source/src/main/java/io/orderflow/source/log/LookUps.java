package io.orderflow.source.log;

import io.orderflow.common.database.Database;
import io.orderflow.source.event.OrderSnapshot;
import io.orderflow.source.log.BatchResolver.Found;
import io.orderflow.source.log.BatchResolver.Tables;
import io.orderflow.source.log.change.LookUpResult;
import io.orderflow.source.log.change.WatchReference;
import io.orderflow.source.offset.CatalogVersion;
import io.orderflow.source.offset.TransactionSnapshot;
import io.orderflow.source.read.OrderSnapshotReader;
import io.orderflow.source.read.OrderSnapshotReader.FoundOrders;
import io.orderflow.source.read.OrderSnapshotReaders;
import io.orderflow.source.read.ReadPoint;
import io.orderflow.source.value.OrderIdReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the schema of the tables, and orders that the log alone does not show completely. For
 * one thread.
 */
final class LookUps implements BatchResolver.Source {

  private static final int MIN_UNSETTLED = 20_000;

  private final Database database;
  private final OrderSnapshotReaders readers;
  private final WatchLookUps watched;

  /**
   * Transactions that were streamed but that no snapshot has shown yet. A look-up that does not
   * show them would revert their changes.
   */
  private final Deque<Long> unsettled = new ArrayDeque<>();

  /** The number of unsettled transactions from which on a snapshot is compared with them. */
  private int settleAt = MIN_UNSETTLED;

  /**
   * Creates look-ups on a pool of REPEATABLE READ transactions.
   *
   * @param readers the readers of this pool
   */
  LookUps(Database database, OrderSnapshotReaders readers, WatchLookUps watched) {
    this.database = database;
    this.readers = readers;
    this.watched = watched;
  }

  /** Registers a transaction of the stream, by the lower 32 bits of its ID. */
  void transactionStreamed(long xid) throws SQLException {
    unsettled.add(xid);
    if (unsettled.size() >= settleAt) {
      TransactionSnapshot shown =
          database.transaction(connection -> ReadPoint.read(connection).snapshot());
      unsettled.removeIf(shown::shows32);
      // Not for each transaction, even if none becomes visible, as while a synchronous standby is
      // unavailable.
      settleAt = Math.max(MIN_UNSETTLED, 2 * unsettled.size());
    }
  }

  @Override
  public Optional<Tables> lookUpTables() throws SQLException {
    return database.transaction(
        connection -> {
          OrderSnapshotReader reader = readers.open(connection);
          TransactionSnapshot snapshot = readers.readPoint().snapshot();
          return showsStream(snapshot) ? Optional.of(tables(reader, snapshot)) : Optional.empty();
        });
  }

  @Override
  public Optional<Found> lookUp(Set<String> orderIds) throws SQLException {
    return database.transaction(connection -> lookUp(connection, orderIds));
  }

  private Optional<Found> lookUp(Connection connection, Set<String> orderIds) throws SQLException {
    OrderSnapshotReader reader = readers.open(connection);
    ReadPoint point = readers.readPoint();
    if (!showsStream(point.snapshot())) {
      return Optional.empty();
    }
    OrderIdReader ids = new OrderIdReader(reader.schema());
    List<Object> values = orderIds.stream().map(ids::read).toList();
    FoundOrders found = reader.byId(connection, values);
    Map<String, OrderSnapshot> orders = new HashMap<>();
    found.orders().forEach(order -> orders.put(order.id().toString(), order));
    Map<String, List<List<@Nullable Object>>> strayItems = new HashMap<>();
    found.strayItems().forEach((id, items) -> strayItems.put(id.toString(), items));
    return Optional.of(
        new Found(
            tables(reader, point.snapshot()),
            new LookUpResult(
                point.snapshot(), point.highWatermark(), orderIds, orders, strayItems)));
  }

  @Override
  public Optional<Map<WatchReference, Set<String>>> lookUpReferences(Set<WatchReference> references)
      throws SQLException {
    return database.transaction(
        connection -> {
          watched.lock(connection);
          return showsStream(ReadPoint.read(connection).snapshot())
              ? Optional.of(watched.orders(connection, references))
              : Optional.empty();
        });
  }

  private boolean showsStream(TransactionSnapshot snapshot) {
    unsettled.removeIf(snapshot::shows32);
    return unsettled.isEmpty();
  }

  private Tables tables(OrderSnapshotReader reader, TransactionSnapshot snapshot) {
    return new Tables(reader.schema(), new CatalogVersion(readers.fingerprint(), snapshot.xmax()));
  }
}
