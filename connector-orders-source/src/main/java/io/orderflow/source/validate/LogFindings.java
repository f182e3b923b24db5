package io.orderflow.source.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.Database;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.log.slot.Publication;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.UnusableTablesException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Checks, at each start, for anything that would make log capture skip changes silently. */
public record LogFindings(CapturedTables tables, Publication publication, String user) {

  private static final String NOT_LOGGED =
      "\nThe log does not contain what was changed before. If orders were captured before, stop the"
          + " connector afterwards and reset its offsets (DELETE /connectors/NAME/offsets): then all"
          + " orders are captured again";

  /** The checks of a configuration. */
  public LogFindings(OrdersSourceConfig config) {
    this(
        config.tables(),
        new Publication(config.log().publication(), config.tables()),
        config.queryDatabase().user());
  }

  /**
   * Requires that PostgreSQL refuses no change of the tables once they are published, and that the
   * log then contains the order ID of each change. Must precede the creation of the publication.
   *
   * @throws UnusableTablesException with all findings
   */
  public void requireIdentities(Database database, OrderSchema schema) throws SQLException {
    requireNone(database.transaction(connection -> identities(connection, schema)));
  }

  /**
   * Requires that nothing is found.
   *
   * @throws UnusableTablesException with all findings
   */
  public void requireNone(Database database, OrderSchema schema) throws SQLException {
    requireNone(database.transaction(connection -> findings(connection, schema)));
  }

  private static void requireNone(List<Finding> findings) {
    if (!findings.isEmpty()) {
      Finding first = findings.get(0);
      String others =
          findings.stream()
              .skip(1)
              .map(finding -> "\n" + finding.key() + ": " + finding.message())
              .collect(Collectors.joining());
      throw new UnusableTablesException(first.key(), first.message() + others + NOT_LOGGED);
    }
  }

  /** Checks the replica identities and the publication, in the order of their fixes. */
  private List<Finding> findings(Connection connection, OrderSchema schema) throws SQLException {
    List<Finding> findings = new ArrayList<>(identities(connection, schema));
    findings.addAll(new PublicationCheck(publication, user).findings(connection));
    return findings;
  }

  private List<Finding> identities(Connection connection, OrderSchema schema) throws SQLException {
    List<Finding> notLogged = new LoggedTablesCheck(tables).findings(connection);
    if (!notLogged.isEmpty()) {
      return notLogged;
    }
    return new ReplicaIdentityCheck(tables, schema.ids().names(), publication.name())
        .findings(connection);
  }
}
