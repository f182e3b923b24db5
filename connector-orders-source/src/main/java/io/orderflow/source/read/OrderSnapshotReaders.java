package io.orderflow.source.read;

import io.orderflow.source.catalog.SchemaLock;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.DecimalHandling;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.UnusableTablesException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Opens a reader of orders in each transaction, for the current schema of the tables. For one
 * thread.
 */
public final class OrderSnapshotReaders {

  private final CapturedTables tables;
  private final SchemaLock schemaLock;

  private @Nullable OrderSnapshotReader reader;

  /** Creates a factory that knows no schema yet. */
  public OrderSnapshotReaders(CapturedTables tables, DecimalHandling decimals) {
    this.tables = tables;
    this.schemaLock = new SchemaLock(tables, decimals);
  }

  /**
   * Locks the tables' schema for this transaction, and then takes its snapshot. Must be the first
   * statement of the transaction.
   *
   * @return a reader for this transaction, and for later ones until another is returned
   * @throws UnusableTablesException if the tables can no longer be captured
   */
  public OrderSnapshotReader open(Connection connection) throws SQLException {
    OrderSchema schema = schemaLock.lock(connection);
    OrderSnapshotReader known = reader;
    if (known != null && known.schema().equals(schema)) {
      return known;
    }
    OrderSnapshotReader created = new OrderSnapshotReader(schema, tables);
    reader = created;
    return created;
  }

  /**
   * The server's time when the last transaction took its snapshot, in milliseconds since the epoch.
   */
  public long readAt() {
    return schemaLock.lockedAt();
  }

  /**
   * The snapshot of the last transaction, which was REPEATABLE READ on a primary, and a position
   * after everything that it shows. Reading it takes no statement of its own.
   */
  public ReadPoint readPoint() {
    return ReadPoint.of(
        schemaLock.snapshot(),
        Objects.requireNonNull(schemaLock.endOfLog(), "a standby has no end of its own log"));
  }

  /** Identifies the state of the catalog that was found last. */
  public String fingerprint() {
    return schemaLock.fingerprint();
  }

  /** Forgets the schema, since the next connection may reach another server. */
  public void forgetSchema() {
    schemaLock.forgetSchema();
    reader = null;
  }
}
