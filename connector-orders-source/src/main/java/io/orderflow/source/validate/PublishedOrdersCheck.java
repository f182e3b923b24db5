package io.orderflow.source.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.TableName;
import io.orderflow.source.catalog.ServerInfo;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.validate.StoredTable.Published;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Checks that PostgreSQL lets the items' triggers update orders. It refuses the updates of a table
 * whose updates are published, if the table has no replica identity, if a column list leaves out a
 * column of the identity, or if the identity lacks a column of a row filter; from PostgreSQL 18 on
 * also if a generated column of the identity is not published. A shop that never updates orders has
 * not noticed; with the triggers, its changes of items would fail.
 *
 * @param id the columns of the order ID
 */
record PublishedOrdersCheck(TableName orders, List<String> id) {

  private static final int CHECKS_GENERATED = 180_000;

  List<Finding> findings(Connection connection) throws SQLException {
    int version = ServerInfo.readVersion(connection);
    List<Finding> findings = new ArrayList<>();
    for (StoredTable stored : StoredTables.read(connection, orders)) {
      stored.publications().stream()
          .filter(found -> found.updates() && refuses(found, stored, version))
          .findFirst()
          .ifPresent(publication -> findings.add(finding(stored, publication, version)));
    }
    return findings;
  }

  private static boolean refuses(Published publication, StoredTable stored, int version) {
    boolean full = stored.hasFullIdentity();
    List<String> identity = stored.identityColumns();
    if (!full && identity.isEmpty()) {
      return true;
    }
    Set<String> listed = publication.listed();
    return (listed != null && (full || !listed.containsAll(identity)))
        || (!full && !identity.containsAll(publication.filtering()))
        || (version >= CHECKS_GENERATED && hides(publication, stored));
  }

  /** Whether the publication leaves out a generated column of the identity. */
  private static boolean hides(Published publication, StoredTable stored) {
    return stored.generated().stream()
        .filter(column -> column.virtual() || !publication.publishesGenerated())
        .anyMatch(
            column ->
                stored.hasFullIdentity() || stored.identityColumns().contains(column.column()));
  }

  private Finding finding(StoredTable stored, Published publication, int serverVersion) {
    Optional<String> fix =
        new ReplicaIdentityFix(stored, id, publication.name(), serverVersion).sql();
    return new Finding(
        TableSettings.ORDERS_TABLE,
        "the publication %s publishes updates of %s, for which its replica identity is not sufficient, so PostgreSQL would refuse those that the triggers of the items make%s"
            .formatted(
                publication.name(),
                stored.name(),
                fix.map(sql -> ":\n" + sql)
                    .orElse(
                        "; publish all columns of its primary key, give the table a unique key"
                            + " that is NOT NULL, or remove it from the publication")));
  }
}
