package io.orderflow.source.log;

import static io.orderflow.source.log.change.OrderLog.lookedUp;
import static io.orderflow.source.log.change.OrderLog.snapshot;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.common.metrics.PluginMetricsAdapter;
import io.orderflow.common.metrics.TaskMetrics;
import io.orderflow.common.metrics.TaskName;
import io.orderflow.source.event.OrderSnapshot;
import io.orderflow.source.log.BatchResolver.Found;
import io.orderflow.source.log.BatchResolver.Resolved;
import io.orderflow.source.log.BatchResolver.Tables;
import io.orderflow.source.log.change.ChangeResolver;
import io.orderflow.source.log.change.DatabaseTransaction;
import io.orderflow.source.log.change.DeferredVersions;
import io.orderflow.source.log.change.LookUpResult;
import io.orderflow.source.log.change.OrderCache;
import io.orderflow.source.log.change.OrderLog;
import io.orderflow.source.log.change.TransactionPart;
import io.orderflow.source.log.change.WatchReference;
import io.orderflow.source.metrics.SourceMetrics;
import io.orderflow.source.metrics.SourceMetrics.Phase;
import io.orderflow.source.offset.CatalogVersion;
import io.orderflow.source.offset.EmittedAhead;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.internals.PluginMetricsImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchResolverTest {

  private final Metrics worker = new Metrics();
  private final SourceMetrics metrics =
      new SourceMetrics(
          TaskMetrics.open(
              new TaskName("orders-source", "batches", "0"),
              () ->
                  new PluginMetricsAdapter(
                      new PluginMetricsImpl(worker, Map.of()), "orders-source")),
          InstantSource.system());

  private final FakeSource source = new FakeSource();
  private final OrderCache cache = new OrderCache(100);
  private final BatchResolver resolver =
      new BatchResolver(
          source,
          new Tables(OrderLog.WITHOUT_ITEMS, OrderLog.CATALOG),
          ChangeResolver::ofAllOrders,
          cache,
          metrics);

  BatchResolverTest() {
    metrics.phases(List.of(Phase.LOOK_UP));
  }

  @AfterEach
  void close() {
    metrics.close();
    worker.close();
  }

  /** Shows orders that are paid, and remembers what was read. */
  private static final class FakeSource implements BatchResolver.Source {

    private final List<String> reads = new ArrayList<>();
    private CatalogVersion catalog = OrderLog.CATALOG;
    private boolean isBehind;

    @Override
    public Optional<Tables> lookUpTables() {
      reads.add("tables");
      return isBehind ? Optional.empty() : Optional.of(tables());
    }

    @Override
    public Optional<Found> lookUp(Set<String> orderIds) {
      reads.add("orders " + String.join(",", orderIds));
      return isBehind ? Optional.empty() : Optional.of(new Found(tables(), shown(orderIds)));
    }

    @Override
    public Optional<Map<WatchReference, Set<String>>> lookUpReferences(
        Set<WatchReference> references) {
      return isBehind ? Optional.empty() : Optional.of(Map.of());
    }

    private Tables tables() {
      return new Tables(OrderLog.WITHOUT_ITEMS, catalog);
    }

    private static LookUpResult shown(Set<String> orderIds) {
      Set<Long> ids = Set.copyOf(orderIds.stream().map(Long::valueOf).toList());
      return lookedUp(
          50, ids, ids.stream().map(id -> snapshot(id, "SHOWN", 50)).toArray(OrderSnapshot[]::new));
    }
  }

  @Test
  void catalogIsReadOnceForAllBatchesOfTheTransactionsThatWereTaken() throws Exception {
    // Given
    List<DatabaseTransaction> taken =
        transactions(new FakeStream().inserts(10, 1).inserts(20, 2).inserts(30, 3));

    // When
    resolver.transactionsTaken();
    List<String> events = new ArrayList<>();
    events.addAll(resolve(taken.get(0)));
    events.addAll(resolve(taken.get(1)));
    List<String> ofFirst = List.copyOf(source.reads);
    resolver.transactionsTaken();
    events.addAll(resolve(taken.get(2)));

    // Then
    assertEquals(List.of("1 NEW 10", "2 NEW 20", "3 NEW 30"), events);
    assertEquals(List.of("tables"), ofFirst);
    assertEquals(List.of("tables", "tables"), source.reads);
  }

  @Test
  void firstBatchAfterTheStartReadsTheCatalog() throws Exception {
    // When
    resolve(transactions(new FakeStream().inserts(10, 1)).get(0));

    // Then
    assertEquals(List.of("tables"), source.reads);
  }

  @Test
  void lookUpReadsTheCatalogToo() throws Exception {
    // Given
    List<DatabaseTransaction> taken = transactions(new FakeStream().updates(50, 1).inserts(60, 2));

    // When
    resolver.transactionsTaken();
    List<String> first = resolve(taken.get(0));
    List<String> second = resolve(taken.get(1));

    // Then
    assertEquals(List.of("1 SHOWN 50"), first);
    assertEquals(List.of("2 NEW 60"), second);
    assertEquals(List.of("orders 1"), source.reads);
  }

  @Test
  void nothingIsResolvedWhileTheDatabaseDoesNotShowTheTransactions() throws Exception {
    // Given
    DatabaseTransaction update = transactions(new FakeStream().updates(50, 1)).get(0);
    source.isBehind = true;

    // When
    resolver.transactionsTaken();
    List<List<String>> waiting = List.of(resolve(update), resolve(update), resolve(update));
    source.isBehind = false;
    List<String> resolved = resolve(update);

    // Then
    assertEquals(List.of(List.of("none"), List.of("none"), List.of("none")), waiting);
    assertEquals(List.of("1 SHOWN 50"), resolved);
    assertEquals(
        List.of("orders 1", "tables", "tables", "tables", "orders 1"),
        source.reads,
        "the cheapest statement waits");
  }

  @Test
  void changedCatalogEmptiesTheCacheAndOlderTransactionsAreLookedUp() throws Exception {
    // Given
    List<DatabaseTransaction> taken =
        transactions(new FakeStream().inserts(10, 1).updates(20, 1).updates(80, 1));
    resolver.transactionsTaken();
    resolve(taken.get(0));
    source.reads.clear();

    // When
    source.catalog = new CatalogVersion("2", 60);
    resolver.transactionsTaken();
    List<String> older = resolve(taken.get(1));
    List<String> newer = resolve(taken.get(2));

    // Then
    assertEquals(List.of("tables", "orders 1"), source.reads);
    // The version that the look-up shows is that of a later change.
    assertEquals(List.of(), older);
    assertEquals(List.of("1 PAID 80"), newer);
  }

  @Test
  void orderIdThatHasAnotherTypeByNowIsLookedUp() throws Exception {
    // Given
    DatabaseTransaction insert = transactions(new FakeStream().inserts(50, "A7")).get(0);
    source.isBehind = true;

    // When
    resolver.transactionsTaken();
    List<String> resolved = resolve(insert);

    // Then
    assertEquals(List.of("none"), resolved);
    assertEquals(List.of("orders A7"), source.reads);
  }

  /** Resolves a transaction; "none" if it cannot be resolved yet. */
  private List<String> resolve(DatabaseTransaction transaction) throws Exception {
    Optional<Resolved> resolved =
        resolver.resolve(
            List.of(new TransactionPart(transaction, 0, transaction.orders().size())),
            DeferredVersions.NONE,
            EmittedAhead.NONE);
    if (resolved.isEmpty()) {
      return List.of("none");
    }
    cache.apply(resolved.get().resolution().cacheChanges(), resolved.get().lookedUp());
    return resolved.get().resolution().events().stream()
        .map(event -> OrderLog.text(event.event()))
        .toList();
  }

  private static List<DatabaseTransaction> transactions(FakeStream stream) throws Exception {
    List<DatabaseTransaction> taken = new ArrayList<>();
    stream.reaches(1_000);
    try (LogReader reader =
        new LogReader(stream, (message, pause) -> message, FakeStream.assembler(), "test")) {
      while (stream.received().value() < 1_000 || reader.queuedTransactions() > 0) {
        taken.addAll(reader.take(1, Duration.ofMillis(5)).transactions());
      }
    }
    return taken;
  }
}
