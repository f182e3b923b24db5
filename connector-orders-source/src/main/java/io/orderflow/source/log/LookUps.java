package io.orderflow.source.log;

import io.orderflow.common.database.Database;
import io.orderflow.source.log.change.Batch;
import io.orderflow.source.log.change.LookedUp;
import io.orderflow.source.offset.TransactionSnapshot;
import io.orderflow.source.read.OrderSnapshot;
import io.orderflow.source.read.OrderSnapshotReader;
import io.orderflow.source.read.OrderSnapshots;
import io.orderflow.source.read.ReadPoint;
import io.orderflow.source.read.TextReader;
import io.orderflow.source.schema.OrderSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks up orders that the log does not tell as a whole. For one thread. */
public final class LookUps {

  private static final int MOST_UNSETTLED = 20_000;

  private final Database database;
  private final OrderSnapshots orders;

  /**
   * Transactions that the log has told and no snapshot has shown yet: a look-up that does not show
   * them would take what they did back.
   */
  private final Deque<Long> unsettled = new ArrayDeque<>();

  /** Uses a pool of REPEATABLE READ transactions. */
  public LookUps(Database database, OrderSnapshots orders) {
    this.database = database;
    this.orders = orders;
  }

  /** What the tables look like now. */
  public OrderSchema layout() throws SQLException {
    return database.transaction(connection -> orders.open(connection).layout());
  }

  /**
   * The orders that a batch is missing, in one snapshot; empty where that does not show all that
   * was told yet: a commit is in the log a moment before others see it, and with a synchronous
   * standby until that has answered.
   */
  public Optional<LookedUp> of(Batch batch) throws SQLException {
    return database.transaction(connection -> look(connection, batch));
  }

  /** The log tells a transaction. */
  public void noticed(long xid) throws SQLException {
    unsettled.add(xid);
    if (unsettled.size() > MOST_UNSETTLED) {
      TransactionSnapshot shown =
          database.transaction(connection -> ReadPoint.of(connection).snapshot());
      unsettled.removeIf(shown::visible32);
    }
  }

  private Optional<LookedUp> look(Connection connection, Batch batch) throws SQLException {
    OrderSnapshotReader reader = orders.open(connection);
    TransactionSnapshot snapshot = ReadPoint.of(connection).snapshot();
    unsettled.removeIf(snapshot::visible32);
    if (!unsettled.isEmpty()) {
      return Optional.empty();
    }
    TextReader ids = TextReader.of(reader.layout().idColumn().type());
    List<Object> missing = batch.missing().stream().map(ids::read).toList();
    Map<String, OrderSnapshot> found = new HashMap<>();
    for (OrderSnapshot order : reader.of(connection, missing)) {
      found.put(order.id().toString(), order);
    }
    return Optional.of(new LookedUp(reader.layout(), snapshot, found));
  }
}
