package io.orderflow.source.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.TableName;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.validate.StoredTable.Published;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Checks that PostgreSQL lets the items' triggers update orders: if any publication contains the
 * orders table, it refuses updates without a replica identity, and from PostgreSQL 18 on also if
 * the identity contains generated columns that are not published. A shop that never updates orders
 * has not noticed; with the triggers, its changes of items would fail.
 *
 * @param id the columns of the order ID
 */
record PublishedOrdersCheck(TableName orders, List<String> id) {

  private static final int VERSION_FACTOR = 10_000;
  private static final int CHECKS_GENERATED = 18;

  List<Finding> findings(Connection connection) throws SQLException {
    int version = connection.getMetaData().getDatabaseMajorVersion();
    List<Finding> findings = new ArrayList<>();
    for (StoredTable stored : StoredTables.read(connection, orders)) {
      boolean refused = hasNoIdentity(stored) || (version >= CHECKS_GENERATED && hides(stored));
      if (!stored.publications().isEmpty() && refused) {
        findings.add(finding(stored, version * VERSION_FACTOR));
      }
    }
    return findings;
  }

  private static boolean hasNoIdentity(StoredTable stored) {
    return !stored.hasFullIdentity() && stored.identityColumns().isEmpty();
  }

  /** Whether the identity contains a generated column that one of the publications leaves out. */
  private static boolean hides(StoredTable stored) {
    boolean published = stored.publications().stream().allMatch(Published::publishesGenerated);
    return stored.generated().stream()
        .filter(column -> column.virtual() || !published)
        .anyMatch(
            column ->
                stored.hasFullIdentity() || stored.identityColumns().contains(column.column()));
  }

  private Finding finding(StoredTable stored, int serverVersion) {
    Published publication = stored.publications().get(0);
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
                        "; give the table a unique key that is NOT NULL, or remove it from the"
                            + " publication")));
  }
}
