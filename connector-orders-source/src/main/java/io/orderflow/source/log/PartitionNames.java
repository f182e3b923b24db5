package io.orderflow.source.log;

import io.orderflow.common.database.Database;
import io.orderflow.common.database.TableName;
import io.orderflow.source.log.pgoutput.LogMessage;
import io.orderflow.source.log.pgoutput.LogMessage.Begin;
import io.orderflow.source.log.pgoutput.LogMessage.Relation;
import io.orderflow.source.read.ReadPoint;
import io.orderflow.source.schema.CapturedTables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives the description of a partition the name of the captured table to which it belongs. The
 * stream names the partitions themselves, since each has a replica identity and a TRUNCATE of its
 * own, and does not say to which table they belong. So that is read from the catalog, once for each
 * description. For one thread.
 */
final class PartitionNames implements LogReader.RelationNames {

  private static final String ROOT =
      """
      WITH RECURSIVE ancestor (oid) AS (
        SELECT inhparent FROM pg_catalog.pg_inherits WHERE inhrelid = ?
        UNION SELECT i.inhparent FROM ancestor a JOIN pg_catalog.pg_inherits i ON i.inhrelid = a.oid
      )
      SELECT n.nspname, c.relname FROM ancestor a
      JOIN pg_catalog.pg_class c ON c.oid = a.oid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE (n.nspname, c.relname) IN (SELECT * FROM unnest(?::text[], ?::text[]))
      """;

  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final int MAX_ATTEMPTS = 100;

  private final Database database;
  private final List<TableName> tables;

  private @Nullable Begin transaction;

  /** Reads the catalog through a pool of REPEATABLE READ transactions. */
  PartitionNames(Database database, CapturedTables tables) {
    this.database = database;
    this.tables = tables.all();
  }

  /** The result of a query of the catalog. */
  private record Found(Optional<TableName> root, boolean showsTransaction) {}

  @Override
  public LogMessage resolve(LogMessage message, LogReader.Pause pause)
      throws SQLException, InterruptedException {
    if (message instanceof Begin begin) {
      transaction = begin;
    }
    if (!(message instanceof Relation relation) || isCaptured(relation)) {
      return message;
    }
    // A commit is in the log shortly before the catalog shows it, with a synchronous standby even
    // long before. A partition that the transaction created may be missing until then.
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      Found found = database.transaction(connection -> find(connection, relation.oid()));
      if (found.root().isPresent()) {
        return relation.asPartitionOf(found.root().get());
      }
      if (found.showsTransaction()) {
        return relation;
      }
      pause.await(PAUSE);
    }
    throw new SQLTransientException(
        "a transaction of the log is not visible yet, as while a synchronous standby is unavailable");
  }

  private boolean isCaptured(Relation relation) {
    return tables.contains(new TableName(relation.schema(), relation.table()));
  }

  private Found find(Connection connection, long oid) throws SQLException {
    Begin current = transaction;
    boolean shown = current == null || ReadPoint.read(connection).snapshot().shows32(current.xid());
    try (PreparedStatement statement = connection.prepareStatement(ROOT)) {
      statement.setLong(1, oid);
      statement.setArray(
          2, connection.createArrayOf("text", tables.stream().map(TableName::schema).toArray()));
      statement.setArray(
          3, connection.createArrayOf("text", tables.stream().map(TableName::table).toArray()));
      try (ResultSet row = statement.executeQuery()) {
        return new Found(
            row.next()
                ? Optional.of(new TableName(row.getString(1), row.getString(2)))
                : Optional.empty(),
            shown);
      }
    }
  }
}
