package io.orderflow.source.validate;

import static io.orderflow.common.database.Identifiers.quote;

import io.orderflow.source.sql.ObjectNames;
import io.orderflow.source.validate.StoredTable.Index;
import io.orderflow.source.validate.StoredTable.Published;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds a replica identity that contains the order ID and with which PostgreSQL refuses no update
 * or delete of the table. A publication can make it refuse them (42P10): all columns of the
 * identity must be published, and all columns of a row filter must be in the identity. So an index
 * is preferred, which also adds nothing to the log while the order ID is unchanged; FULL is the
 * last resort.
 *
 * @param orderId the columns of the order ID
 * @param publication the name of the connector's publication
 * @param serverVersion as {@code server_version_num}
 */
record ReplicaIdentityFix(
    StoredTable table, List<String> orderId, String publication, int serverVersion) {

  /** Before, generated columns were never published, and no identity had to publish them. */
  private static final int CHECKS_GENERATED = 180_000;

  /**
   * The same, for an identity that also has the columns of the present one: another capture of the
   * table may need them. A primary key of one column is an ID of the row alone.
   */
  ReplicaIdentityFix keepingIdentity() {
    List<String> present = table.identityColumns();
    List<String> columns = new ArrayList<>(orderId);
    if (table.hasIndexAsIdentity() || present.size() > 1) {
      present.stream().filter(column -> !columns.contains(column)).forEach(columns::add);
    }
    return new ReplicaIdentityFix(table, columns, publication, serverVersion);
  }

  /** The statements that set the identity, one a line; empty if no identity is possible. */
  Optional<String> sql() {
    return existingIndex().or(this::newIndex).or(this::full);
  }

  /**
   * Why PostgreSQL would refuse the table's updates and deletes once the connector's publication
   * contains it, with its identity as it is; empty if it would not.
   */
  Optional<String> harm() {
    List<String> unpublished =
        table.generated().stream()
            .filter(column -> table.hasFullIdentity() || isIdentity(column.column()))
            .filter(column -> column.virtual() || !publishesGenerated())
            .map(StoredTable.Generated::column)
            .toList();
    return unpublished.isEmpty() || serverVersion < CHECKS_GENERATED
        ? Optional.empty()
        : Optional.of(
            "contains the generated columns %s, which are not published, so that PostgreSQL would refuse its updates and deletes"
                .formatted(unpublished));
  }

  private boolean isIdentity(String column) {
    return table.identityColumns().contains(column);
  }

  /** The connector creates its publication so that it does. */
  private boolean publishesGenerated() {
    return table.publications().stream()
        .filter(found -> found.name().equals(publication))
        .allMatch(Published::publishesGenerated);
  }

  private Optional<String> existingIndex() {
    return table.indexes().stream()
        .filter(index -> isKey(index.columns()) && index.columns().containsAll(orderId))
        .filter(index -> fits(index.columns()))
        .findFirst()
        .map(index -> index.primary() ? identity("DEFAULT") : using(index.name()));
  }

  /** Whether the statements create an index, which begins with the order ID. */
  boolean createsIndex() {
    return existingIndex().isEmpty() && newIndex().isPresent();
  }

  private Optional<String> newIndex() {
    return table.indexes().stream()
        .map(Index::columns)
        .filter(this::isKey)
        .map(this::withOrderId)
        .filter(columns -> isKey(columns) && fits(columns))
        .findFirst()
        .map(this::create);
  }

  private List<String> withOrderId(List<String> key) {
    List<String> columns = new ArrayList<>(orderId);
    key.stream().filter(column -> !orderId.contains(column)).forEach(columns::add);
    return columns;
  }

  private String create(List<String> columns) {
    String name =
        ObjectNames.ofTable(
            "identity", table.name().table(), table.name().quoted(), String.join("\0", columns));
    boolean interrupted = table.indexes().stream().anyMatch(index -> index.name().equals(name));
    String drop =
        interrupted
            ? "DROP INDEX CONCURRENTLY %s.%s;\n\n"
                .formatted(quote(table.name().schema()), quote(name))
            : "";
    return drop
        + "CREATE UNIQUE INDEX CONCURRENTLY %s ON %s (%s);\n\n"
            .formatted(
                quote(name),
                table.name().quoted(),
                columns.stream().map(column -> quote(column)).collect(Collectors.joining(", ")))
        + using(name);
  }

  private Optional<String> full() {
    boolean published = table.publications().stream().allMatch(found -> found.listed() == null);
    if (!published || table.generated().stream().anyMatch(StoredTable.Generated::virtual)) {
      return Optional.empty();
    }
    if (table.generated().isEmpty() || serverVersion < CHECKS_GENERATED) {
      return Optional.of(identity("FULL"));
    }
    boolean others =
        table.publications().stream()
            .filter(found -> !found.name().equals(publication))
            .allMatch(Published::publishesGenerated);
    String publish =
        publishesGenerated()
            ? ""
            : "ALTER PUBLICATION %s SET (publish_generated_columns = stored);\n\n"
                .formatted(quote(publication));
    return others ? Optional.of(publish + identity("FULL")) : Optional.empty();
  }

  /** Whether the columns of a unique index may be a replica identity. */
  private boolean isKey(List<String> columns) {
    return !columns.isEmpty()
        && table.notNull().containsAll(columns)
        && columns.stream().noneMatch(table::isGenerated);
  }

  private boolean fits(List<String> identity) {
    return table.publications().stream()
        .allMatch(
            found ->
                (found.listed() == null || found.listed().containsAll(identity))
                    && identity.containsAll(found.filtering()));
  }

  private String using(String index) {
    return identity("USING INDEX " + quote(index));
  }

  private String identity(String identity) {
    return "ALTER TABLE %s REPLICA IDENTITY %s;".formatted(table.name().quoted(), identity);
  }
}
