package io.orderflow.source.log.change;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.event.OrderEvent;
import io.orderflow.source.log.change.GeneratedHistory.State;
import io.orderflow.source.log.change.Resolution.ResolvedEvent;
import io.orderflow.source.offset.CatalogVersion;
import io.orderflow.source.offset.Lsn;
import io.orderflow.source.schema.OrderSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares the resolver with a model of the database over generated histories: random batches, a
 * cache that evicts often, look-ups that show a random number of later transactions, a query for
 * stray items that runs at any time or never, and restarts.
 */
class ResolverModelTest {

  private static final long SEEDS = Long.getLong("orderflow.resolver.seeds", 3_000);

  static Stream<Arguments> histories() {
    return LongStream.range(0, SEEDS)
        .boxed()
        .flatMap(
            seed ->
                Stream.of(
                    Arguments.of(seed, OrderLog.WITH_VERSIONS),
                    Arguments.of(seed, OrderLog.WITHOUT_VERSIONS)));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("histories")
  void eventsAgreeWithTheDatabase(long seed, OrderSchema schema) {
    // Given
    // Without this factor, the first random numbers of small seeds are almost the same.
    Random random = new Random(seed * 0x9e3779b97f4a7c15L);
    GeneratedHistory history = new GeneratedHistory(random);

    // When
    List<ResolvedEvent> events = new Run(random, history, schema).resolveAll();

    // Then
    for (ResolvedEvent event : events) {
      assertIsNotOutdated(history, event);
    }
    if (schema.version() == null) {
      assertEveryChangeIsEmitted(history, events);
    } else {
      assertVersionsIncrease(events);
    }
    assertLastEventsAreTheLastStates(history, events);
  }

  /** A capture of a history. */
  private static final class Run {

    private final Random random;
    private final GeneratedHistory history;
    private final ChangeResolver resolver;
    private OrderCache cache = new OrderCache(1 + GeneratedHistory.ORDERS);
    private DeferredVersions deferred = DeferredVersions.NONE;
    private CatalogVersion catalog;

    Run(Random random, GeneratedHistory history, OrderSchema schema) {
      this.random = random;
      this.history = history;
      this.resolver = ChangeResolver.ofAllOrders(schema);
      this.catalog = history.catalog(history.anyCount(0));
      restart(0, null);
    }

    private void restart(int next, @Nullable Lsn noStrayItemsFrom) {
      cache = new OrderCache(1 + random.nextInt(GeneratedHistory.ORDERS));
      deferred = DeferredVersions.NONE;
      if (noStrayItemsFrom != null) {
        cache.foundStrayItems(List.of(), noStrayItemsFrom);
      } else {
        queryStrayItems(next);
      }
    }

    private void queryStrayItems(int next) {
      if (cache.needsStrayItems() && random.nextInt(4) > 0) {
        int seen = history.anyCount(next);
        cache.foundStrayItems(history.strays(seen), history.end(seen));
      }
    }

    List<ResolvedEvent> resolveAll() {
      List<DatabaseTransaction> transactions = history.transactions();
      List<ResolvedEvent> events = new ArrayList<>();
      int next = 0;
      while (next < transactions.size()) {
        int end = Math.min(transactions.size(), next + 1 + random.nextInt(4));
        cache.reached(history.end(next));
        events.addAll(resolve(transactions.subList(next, end), end));
        next = end;
        if (random.nextInt(8) == 0) {
          restart(next, cache.noStrayItemsFrom(history.end(next)));
        }
      }
      assertTrue(
          deferred.reached(history.end(transactions.size())).isEmpty(), "deferred at the end");
      return events;
    }

    private List<ResolvedEvent> resolve(List<DatabaseTransaction> transactions, int end) {
      List<TransactionPart> batch =
          OrderLog.batch(transactions.toArray(new DatabaseTransaction[0]));
      // The catalog and look-ups show all transactions of the batch, and some later ones.
      int seen = history.anyCount(end);
      use(history.catalog(seen));
      LookUpResult lookedUp = LookUpResult.NONE;
      Resolution resolution = resolver.resolve(batch, cache, deferred, catalog, lookedUp);
      while (!resolution.missing().isEmpty()) {
        seen = history.anyCount(seen);
        Set<String> ids = new HashSet<>(lookedUp.requested());
        ids.addAll(resolution.missing());
        lookedUp = history.lookUp(seen, ids);
        use(history.catalog(seen));
        resolution = resolver.resolve(batch, cache, deferred, catalog, lookedUp);
      }
      cache.apply(resolution.cacheChanges(), lookedUp);
      deferred = resolution.deferred();
      return resolution.events();
    }

    private void use(CatalogVersion found) {
      if (!found.fingerprint().equals(catalog.fingerprint())) {
        cache.clear();
        catalog = found;
      }
    }
  }

  /** The event holds the order as some transaction left it that is not before its own. */
  private static void assertIsNotOutdated(GeneratedHistory history, ResolvedEvent resolved) {
    OrderEvent event = resolved.event();
    long id = (Long) event.id();
    int at = history.indexOf(resolved.transaction());
    List<State> states = history.statesFrom(at, id);
    if (event.kind() == OrderEvent.Kind.DELETE) {
      assertTrue(!states.get(0).exists(), "deleted");
      return;
    }
    String text = text(event);
    assertTrue(
        states.stream().anyMatch(state -> state.text(id).equals(text)),
        () -> text + " is no state of the order from transaction " + at + " on");
  }

  /** The log's positions are the versions: each order of each transaction has an event. */
  private static void assertEveryChangeIsEmitted(
      GeneratedHistory history, List<ResolvedEvent> events) {
    Set<String> emitted = new HashSet<>();
    for (ResolvedEvent event : events) {
      assertTrue(emitted.add(event.transaction().xid() + " " + event.index()), "emitted twice");
      assertEquals(event.transaction().commitLsn().value(), event.event().version());
    }
    for (DatabaseTransaction transaction : history.transactions()) {
      for (int i = 0; i < transaction.orders().size(); i++) {
        OrderChange change = transaction.orders().get(i);
        boolean present = emitted.contains(transaction.xid() + " " + i);
        // An order that does not exist, or not any more, has an event with its deletion only.
        boolean absent =
            !change.isDeletion()
                && history
                    .statesFrom(history.indexOf(transaction), Long.parseLong(change.orderId()))
                    .stream()
                    .anyMatch(state -> !state.exists());
        assertTrue(present || absent, () -> "not emitted: " + change.orderId());
      }
    }
  }

  /**
   * The database keeps versions: each is emitted once, in their order. A change of items alone has
   * no version: if their order does not exist yet, its event may show a later version early.
   */
  private static void assertVersionsIncrease(List<ResolvedEvent> events) {
    Map<Long, Long> last = new HashMap<>();
    for (ResolvedEvent resolved : events) {
      OrderEvent event = resolved.event();
      long id = (Long) event.id();
      OrderChange change = resolved.transaction().orders().get(resolved.index());
      if (change.writtenVersion() != OrderChange.NO_VERSION) {
        long before = last.getOrDefault(id, 0L);
        assertTrue(event.version() > before, () -> text(event) + " after " + before);
        last.put(id, event.version());
      }
    }
  }

  /** Unless values have changed since without being logged. */
  private static void assertLastEventsAreTheLastStates(
      GeneratedHistory history, List<ResolvedEvent> events) {
    Map<Long, String> emitted = new HashMap<>();
    events.forEach(event -> emitted.put((Long) event.event().id(), text(event.event())));
    Map<Long, Integer> changed = new HashMap<>();
    for (DatabaseTransaction transaction : history.transactions()) {
      transaction
          .orderIds()
          .forEach(id -> changed.put(Long.valueOf(id), history.indexOf(transaction)));
    }
    changed.forEach(
        (id, at) -> {
          List<State> states = history.statesFrom(at, id);
          State end = states.get(states.size() - 1);
          String last = emitted.get(id);
          if (!end.exists()) {
            assertTrue(last == null || last.equals(end.text(id)), () -> "order " + last);
          } else if (history.isRewrittenAfter(at)) {
            assertNotNull(last);
          } else {
            assertEquals(end.text(id), last);
          }
        });
  }

  private static String text(OrderEvent event) {
    if (event.kind() == OrderEvent.Kind.DELETE) {
      return event.id() + " deleted";
    }
    TreeMap<Long, String> items = new TreeMap<>();
    event.items().forEach(item -> items.put((Long) item.get(1), (String) item.get(2)));
    return event.id() + " " + event.values().get(1) + " " + event.values().get(2) + " " + items;
  }
}
