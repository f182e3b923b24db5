package io.orderflow.source.log;

import io.orderflow.source.log.change.ChangeResolver;
import io.orderflow.source.log.change.DeferredVersions;
import io.orderflow.source.log.change.LookUpResult;
import io.orderflow.source.log.change.OrderCache;
import io.orderflow.source.log.change.Resolution;
import io.orderflow.source.log.change.TransactionPart;
import io.orderflow.source.log.change.WatchReference;
import io.orderflow.source.metrics.SourceMetrics;
import io.orderflow.source.metrics.SourceMetrics.Phase;
import io.orderflow.source.offset.CatalogVersion;
import io.orderflow.source.offset.EmittedAhead;
import io.orderflow.source.schema.OrderSchema;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Resolves batches with as few transactions of the database as possible. The catalog is read once
 * after transactions were taken from the stream, so that no schema change before their ends is
 * missed; a look-up reads it, too. For one thread.
 */
final class BatchResolver {

  /** The tables and their orders, as the database shows them. */
  interface Source {

    /**
     * Looks up the tables, in a snapshot that shows all schema changes of the streamed
     * transactions.
     *
     * @return empty if the snapshot does not show all streamed transactions yet: a commit is in the
     *     log shortly before it is visible, and with a synchronous standby it is not visible until
     *     the standby has confirmed it
     */
    Optional<Tables> lookUpTables() throws SQLException;

    /**
     * Looks up orders in one database snapshot.
     *
     * @param orderIds as text
     * @return empty if the snapshot does not show all streamed transactions yet, as {@link
     *     #lookUpTables}
     */
    Optional<Found> lookUp(Set<String> orderIds) throws SQLException;

    /**
     * Looks up the orders of rows of watched tables that have other tables between them and the
     * orders.
     *
     * @return the order IDs by reference, as text; empty if the snapshot does not show all streamed
     *     transactions yet, as {@link #lookUpTables}
     */
    Optional<Map<WatchReference, Set<String>>> lookUpReferences(Set<WatchReference> references)
        throws SQLException;
  }

  /**
   * The tables in a database snapshot.
   *
   * @param catalog the state of the catalog, as if it was first seen in this snapshot
   */
  record Tables(OrderSchema schema, CatalogVersion catalog) {}

  /** The orders that were found, and the tables in the same snapshot. */
  record Found(Tables tables, LookUpResult result) {}

  /**
   * A resolved batch.
   *
   * @param batch with the orders that its references have named
   * @param lookedUp the look-up that the resolution has used
   */
  record Resolved(List<TransactionPart> batch, Resolution resolution, LookUpResult lookedUp) {}

  private final Source source;
  private final Function<OrderSchema, ChangeResolver> resolvers;
  private final OrderCache cache;
  private final SourceMetrics metrics;

  private ChangeResolver resolver;
  private CatalogVersion catalog;

  /** Whether the catalog was read after all transactions that were taken. */
  private boolean catalogIsCurrent;

  /** Whether the database did not show all of them at the last attempt. */
  private boolean isWaiting;

  /**
   * Starts with a state of the tables, which counts as older than all transactions.
   *
   * @param resolvers creates the resolver for a schema
   * @param cache what is known of orders; emptied when the tables have changed
   */
  BatchResolver(
      Source source,
      Tables tables,
      Function<OrderSchema, ChangeResolver> resolvers,
      OrderCache cache,
      SourceMetrics metrics) {
    this.source = source;
    this.resolvers = resolvers;
    this.cache = cache;
    this.metrics = metrics;
    this.resolver = resolvers.apply(tables.schema());
    this.catalog = tables.catalog();
  }

  /** The schema of the last resolved batch. */
  OrderSchema schema() {
    return resolver.schema();
  }

  /** The state of the catalog under which the last batch was resolved. */
  CatalogVersion catalog() {
    return catalog;
  }

  /** Parses the text of an order ID as the log has it. */
  Object orderId(String text) {
    return resolver.orderId(text);
  }

  /** Called when transactions were taken from the stream: they may have changed the catalog. */
  void transactionsTaken() {
    catalogIsCurrent = false;
  }

  /**
   * Resolves the next batch of the transactions that were taken.
   *
   * @param ahead the orders whose events are ahead of the log before the batch
   * @return empty if the database does not show all of them yet
   */
  Optional<Resolved> resolve(
      List<TransactionPart> batch, DeferredVersions deferred, EmittedAhead ahead)
      throws SQLException {
    // While the database lags behind, the cheapest statement finds out when it has caught up.
    if (isWaiting && !readCatalog()) {
      return Optional.empty();
    }
    List<TransactionPart> complete = withReferenced(batch);
    return complete.isEmpty() ? Optional.empty() : resolveComplete(complete, deferred, ahead);
  }

  private Optional<Resolved> resolveComplete(
      List<TransactionPart> batch, DeferredVersions deferred, EmittedAhead ahead)
      throws SQLException {
    LookUpResult lookedUp = LookUpResult.NONE;
    Resolution resolution = resolver.resolve(batch, cache, deferred, ahead, catalog, lookedUp);
    while (!catalogIsCurrent || !resolution.missing().isEmpty()) {
      ChangeResolver usedResolver = resolver;
      CatalogVersion usedCatalog = catalog;
      if (resolution.missing().isEmpty()) {
        if (!readCatalog()) {
          return Optional.empty();
        }
        if (resolver == usedResolver && catalog.equals(usedCatalog)) {
          break;
        }
      } else {
        Set<String> ids = new HashSet<>(lookedUp.requested());
        ids.addAll(resolution.missing());
        Optional<Found> found = lookUp(ids);
        if (found.isEmpty()) {
          return Optional.empty();
        }
        lookedUp = found.get().result();
      }
      resolution = resolver.resolve(batch, cache, deferred, ahead, catalog, lookedUp);
    }
    return Optional.of(new Resolved(batch, resolution, lookedUp));
  }

  /** The batch with the orders of watched rows; empty if the database does not show them yet. */
  private List<TransactionPart> withReferenced(List<TransactionPart> batch) throws SQLException {
    Set<WatchReference> references = new LinkedHashSet<>();
    batch.stream()
        .filter(TransactionPart::hasReferences)
        .forEach(part -> references.addAll(part.transaction().references()));
    if (references.isEmpty()) {
      return batch;
    }
    Optional<Map<WatchReference, Set<String>>> found = source.lookUpReferences(references);
    isWaiting = found.isEmpty();
    return found
        .map(orders -> batch.stream().map(part -> withReferenced(part, orders)).toList())
        .orElse(List.of());
  }

  private static TransactionPart withReferenced(
      TransactionPart part, Map<WatchReference, Set<String>> found) {
    if (!part.hasReferences()) {
      return part;
    }
    Set<String> orderIds = new TreeSet<>();
    part.transaction()
        .references()
        .forEach(reference -> orderIds.addAll(found.getOrDefault(reference, Set.of())));
    return part.withReferenced(orderIds);
  }

  private boolean readCatalog() throws SQLException {
    return use(source.lookUpTables().orElse(null));
  }

  private Optional<Found> lookUp(Set<String> ids) throws SQLException {
    long began = System.nanoTime();
    Optional<Found> found = source.lookUp(ids);
    use(found.map(Found::tables).orElse(null));
    metrics.took(Phase.LOOK_UP, began);
    return found;
  }

  /**
   * Uses the current schema. If anything was changed on which values depend, cached values may no
   * longer be those of their rows: not every such statement logs the rows that it changes.
   *
   * @param tables null if the database does not show all transactions yet
   * @return whether it does
   */
  private boolean use(@Nullable Tables tables) {
    isWaiting = tables == null;
    if (tables == null) {
      return false;
    }
    catalogIsCurrent = true;
    if (tables.catalog().fingerprint().equals(catalog.fingerprint())) {
      catalog = catalog.seenAgain(tables.catalog().since());
    } else {
      catalog = tables.catalog();
      cache.clear();
    }
    if (!tables.schema().equals(resolver.schema())) {
      resolver = resolvers.apply(tables.schema());
    }
    return true;
  }
}
