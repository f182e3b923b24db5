package io.orderflow.source.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.source.log.slot.Publication;
import io.orderflow.source.schema.OrderSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What would make a capture from the log pass changes over without a word; looked for again at each
 * start.
 *
 * @param user for the SQL that mends a missing privilege
 */
public record LogFindings(Publication publication, String user) {

  /** Looks at the publication and the replica identities; empty when all is well. */
  public List<Finding> of(Connection connection, OrderSchema layout) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    findings.addAll(new PublicationCheck(publication, false, user).findings(connection));
    findings.addAll(
        new ReplicaIdentityCheck(publication.tables(), layout.ordersId()).findings(connection));
    return findings;
  }
}
