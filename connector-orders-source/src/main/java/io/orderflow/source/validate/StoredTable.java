package io.orderflow.source.validate;

import io.orderflow.common.database.TableName;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A table that stores rows of a captured table, the table itself or one of its partitions, with
 * everything that decides which replica identities it can have.
 *
 * @param identity {@code pg_class.relreplident}: d, f, i or n
 * @param identityColumns the columns of the identity; empty if it is n or f, or has no usable index
 * @param notNull the columns that cannot be null
 * @param generated the generated columns
 * @param indexes all of its indexes
 * @param publications the publications of its updates or deletes
 */
record StoredTable(
    TableName name,
    char identity,
    List<String> identityColumns,
    Set<String> notNull,
    List<Generated> generated,
    List<Index> indexes,
    List<Published> publications) {

  private static final char FULL = 'f';
  private static final char INDEX = 'i';

  /** A generated column. */
  record Generated(String column, boolean virtual) {}

  /**
   * An index.
   *
   * @param columns its key columns; empty if the index identifies no row of the table for sure,
   *     since it is not unique, partial, deferrable, invalid or contains expressions
   */
  record Index(String name, boolean valid, boolean primary, List<String> columns) {}

  /**
   * A publication of the table, or of a table that it is a partition of.
   *
   * @param updates whether it publishes updates, and not deletes alone
   * @param listed the columns of its column list; null if it has none
   * @param filtering the columns of its row filter; empty if it has none
   * @param publishesGenerated whether it publishes stored generated columns
   */
  record Published(
      String name,
      boolean updates,
      @Nullable Set<String> listed,
      Set<String> filtering,
      boolean publishesGenerated) {}

  boolean hasFullIdentity() {
    return identity == FULL;
  }

  /** Whether somebody has chosen an index as the identity. */
  boolean hasIndexAsIdentity() {
    return identity == INDEX;
  }

  /** Whether the log contains these columns of each row that is updated or deleted. */
  boolean logsOld(List<String> columns) {
    return hasFullIdentity() || identityColumns.containsAll(columns);
  }

  boolean isGenerated(String column) {
    return generated.stream().anyMatch(found -> found.column().equals(column));
  }
}
