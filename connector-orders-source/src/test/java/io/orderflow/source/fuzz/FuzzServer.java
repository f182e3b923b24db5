package io.orderflow.source.fuzz;

import io.orderflow.common.fixture.TestPostgres;
import io.orderflow.source.fixture.Shop;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A PostgreSQL server for one seed at a time. Transactions of other databases hold captures back,
 * so seeds that run side by side need a server each.
 */
final class FuzzServer implements AutoCloseable {

  private final TestPostgres server =
      TestPostgres.start(
          "track_commit_timestamp=on",
          "max_prepared_transactions=20",
          "wal_level=logical",
          "max_replication_slots=20",
          "max_wal_senders=20",
          "autovacuum=off",
          "full_page_writes=off",
          "fsync=off");

  /** Databases that are empty again; it takes longer to drop and create one. */
  private final Deque<FuzzDatabase> empty = new ArrayDeque<>();

  /** An empty database. */
  FuzzDatabase take() {
    return empty.isEmpty()
        ? new FuzzDatabase(new Shop(server.url(server.createDatabase("shop"))))
        : empty.pop();
  }

  /** Empties a database that nobody else is connected to. */
  void giveBack(FuzzDatabase database) throws SQLException {
    database.clear();
    empty.push(database);
  }

  @Override
  public void close() {
    server.close();
  }
}
