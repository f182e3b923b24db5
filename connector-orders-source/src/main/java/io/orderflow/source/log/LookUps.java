package io.orderflow.source.log;

import io.orderflow.common.database.Database;
import io.orderflow.source.event.Layout;
import io.orderflow.source.event.Snapshot;
import io.orderflow.source.log.tell.Batch;
import io.orderflow.source.log.tell.LookedUp;
import io.orderflow.source.row.TextReader;
import io.orderflow.source.whole.Moment;
import io.orderflow.source.whole.WholeOrder;
import io.orderflow.source.whole.WholeOrders;
import io.orderflow.source.whole.WholeReader;
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
  private final WholeOrders orders;

  /**
   * Transactions that the log has told and no snapshot has shown yet: a look-up that does not show
   * them would take what they did back.
   */
  private final Deque<Long> unsettled = new ArrayDeque<>();

  /** Uses a pool of REPEATABLE READ transactions. */
  public LookUps(Database database, WholeOrders orders) {
    this.database = database;
    this.orders = orders;
  }

  /** What the tables look like now. */
  public Layout layout() throws SQLException {
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
      Snapshot shown = database.transaction(connection -> Moment.of(connection).snapshot());
      unsettled.removeIf(shown::visible32);
    }
  }

  private Optional<LookedUp> look(Connection connection, Batch batch) throws SQLException {
    WholeReader reader = orders.open(connection);
    Snapshot snapshot = Moment.of(connection).snapshot();
    unsettled.removeIf(snapshot::visible32);
    if (!unsettled.isEmpty()) {
      return Optional.empty();
    }
    TextReader ids = TextReader.of(reader.layout().idColumn().type());
    List<Object> missing = batch.missing().stream().map(ids::read).toList();
    Map<String, WholeOrder> found = new HashMap<>();
    for (WholeOrder order : reader.of(connection, missing)) {
      found.put(order.id().toString(), order);
    }
    return Optional.of(new LookedUp(reader.layout(), snapshot, found));
  }
}
