package io.orderflow.source.log.change;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.event.OrderEvent;
import io.orderflow.source.log.change.GeneratedHistory.State;
import io.orderflow.source.log.change.Resolution.ResolvedEvent;
import io.orderflow.source.offset.CatalogVersion;
import io.orderflow.source.offset.EmittedAhead;
import io.orderflow.source.offset.EmittedAheadTest;
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
 * stray items that runs at any time or never, and restarts after any event.
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
      assertEveryDeletionIsEmitted(history, events);
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
    private EmittedAhead ahead = EmittedAhead.NONE;
    private CatalogVersion catalog;

    /** The number of transactions that the last look-up has shown. */
    private int seen;

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
        seen = history.anyCount(Math.max(seen, next));
        cache.foundStrayItems(history.strays(seen), history.end(seen));
      }
    }

    List<ResolvedEvent> resolveAll() {
      List<ResolvedEvent> events = new ArrayList<>();
      List<TransactionPart> left = parts(0, 0);
      while (!left.isEmpty()) {
        List<TransactionPart> batch = left.subList(0, Math.min(left.size(), 1 + random.nextInt(4)));
        cache.reached(left.get(0).transaction().commitLsn());
        List<ResolvedEvent> resolved = resolve(batch);
        left = left.subList(batch.size(), left.size());
        if (random.nextInt(8) == 0) {
          left = restartAfter(resolved, left);
        } else if (random.nextInt(8) == 0) {
          Lsn end = batch.get(batch.size() - 1).transaction().endLsn();
          restart(history.transactions().size() - left.size(), cache.noStrayItemsFrom(end));
        }
        events.addAll(resolved);
      }
      assertTrue(
          deferred.reached(history.end(history.transactions().size())).isEmpty(),
          "deferred at the end");
      return events;
    }

    /** Delivers only some of a batch's events, and starts again after the last one of them. */
    private List<TransactionPart> restartAfter(
        List<ResolvedEvent> resolved, List<TransactionPart> left) {
      if (resolved.isEmpty()) {
        return left;
      }
      ResolvedEvent last = resolved.get(random.nextInt(resolved.size()));
      resolved.subList(resolved.indexOf(last) + 1, resolved.size()).clear();
      boolean isEnd = last.index() + 1 == last.transaction().orders().size();
      ahead =
          last.ahead()
              .reached(isEnd ? last.transaction().endLsn() : last.transaction().commitLsn());
      int at = history.indexOf(last.transaction());
      restart(at, null);
      return parts(at, last.index() + 1);
    }

    /** The transactions from one on, without the orders of that one before an index. */
    private List<TransactionPart> parts(int first, int from) {
      List<DatabaseTransaction> transactions = history.transactions();
      List<TransactionPart> parts =
          new ArrayList<>(
              OrderLog.batch(
                  transactions
                      .subList(first, transactions.size())
                      .toArray(new DatabaseTransaction[0])));
      DatabaseTransaction begun = transactions.get(first);
      if (from == begun.orders().size()) {
        parts.remove(0);
      } else {
        parts.set(0, new TransactionPart(begun, from, begun.orders().size()));
      }
      return parts;
    }

    private List<ResolvedEvent> resolve(List<TransactionPart> batch) {
      DatabaseTransaction last = batch.get(batch.size() - 1).transaction();
      // The catalog and look-ups show all transactions of the batch, and some later ones.
      seen = history.anyCount(Math.max(seen, history.indexOf(last) + 1));
      use(history.catalog(seen));
      LookUpResult lookedUp = LookUpResult.NONE;
      Resolution resolution = resolver.resolve(batch, cache, deferred, ahead, catalog, lookedUp);
      while (!resolution.missing().isEmpty()) {
        seen = history.anyCount(seen);
        Set<String> ids = new HashSet<>(lookedUp.requested());
        ids.addAll(resolution.missing());
        lookedUp = history.lookUp(seen, ids);
        use(history.catalog(seen));
        resolution = resolver.resolve(batch, cache, deferred, ahead, catalog, lookedUp);
      }
      cache.apply(resolution.cacheChanges(), lookedUp);
      deferred = resolution.deferred();
      List<ResolvedEvent> events = new ArrayList<>(resolution.events());
      if (!events.isEmpty()) {
        ahead = events.get(events.size() - 1).ahead();
      }
      ahead = EmittedAheadTest.stored(ahead).reached(last.endLsn());
      return events;
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
    Set<String> emitted = emitted(events);
    events.forEach(
        event -> assertEquals(event.transaction().commitLsn().value(), event.event().version()));
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

  /** The changes that have an event, each only one. */
  private static Set<String> emitted(List<ResolvedEvent> events) {
    Set<String> emitted = new HashSet<>();
    for (ResolvedEvent event : events) {
      assertTrue(emitted.add(event.transaction().xid() + " " + event.index()), "emitted twice");
    }
    return emitted;
  }

  private static void assertEveryDeletionIsEmitted(
      GeneratedHistory history, List<ResolvedEvent> events) {
    Set<String> emitted = emitted(events);
    for (DatabaseTransaction transaction : history.transactions()) {
      for (int i = 0; i < transaction.orders().size(); i++) {
        OrderChange change = transaction.orders().get(i);
        assertTrue(
            !change.isDeletion() || emitted.contains(transaction.xid() + " " + i),
            () -> "deletion not emitted: " + change.orderId());
      }
    }
  }

  /** The database keeps versions: each is emitted once, in their order, unless it is deleted. */
  private static void assertVersionsIncrease(List<ResolvedEvent> events) {
    Map<Long, Long> last = new HashMap<>();
    for (ResolvedEvent resolved : events) {
      OrderEvent event = resolved.event();
      long id = (Long) event.id();
      if (event.kind() == OrderEvent.Kind.DELETE) {
        last.remove(id);
      } else {
        Long before = last.put(id, event.version());
        assertTrue(
            before == null || event.version() > before, () -> text(event) + " after " + before);
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
