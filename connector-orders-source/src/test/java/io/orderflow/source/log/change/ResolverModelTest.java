package io.orderflow.source.log.change;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.event.OrderEvent;
import io.orderflow.source.event.OrderSnapshot;
import io.orderflow.source.log.change.Resolution.ResolvedEvent;
import io.orderflow.source.offset.TransactionSnapshot;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares the resolver with a model of the database over generated histories: random transactions
 * over few orders, random batches, a cache that evicts often, and look-ups that show a random
 * number of later transactions.
 */
class ResolverModelTest {

  private static final int SEEDS = 1_500;
  private static final long FIRST_XID = 100;
  private static final int ORDERS = 5;

  /** The state of an order: its row's status and version, and its items by line. */
  private record State(String status, long version, TreeMap<Long, String> items) {

    OrderSnapshot snapshot(long id) {
      List<List<Object>> rows = new ArrayList<>();
      items.forEach((line, sku) -> rows.add(new ArrayList<>(List.of(id, line, sku))));
      return new OrderSnapshot(id, new ArrayList<>(List.of(id, status, version)), rows);
    }

    String text(long id) {
      return id + " " + status + " " + version + " " + items;
    }
  }

  /** After each transaction, by the index of the transaction, the state of all orders. */
  private final List<Map<Long, State>> states = new ArrayList<>();

  private final List<DatabaseTransaction> transactions = new ArrayList<>();

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
    Random random = new Random(seed);
    generate(random);

    // When
    List<ResolvedEvent> events = resolveAll(random, schema);

    // Then
    if (schema.version() == null) {
      assertEveryChangeIsEmitted(events);
    } else {
      assertEachVersionIsEmittedOnceAsItWas(events);
    }
    assertLastEventsAreTheLastStates(events);
  }

  private void generate(Random random) {
    Map<Long, State> current = new HashMap<>();
    Map<Long, Long> lastVersions = new HashMap<>();
    int count = 5 + random.nextInt(25);
    for (int i = 0; i < count; i++) {
      List<OrderChange> changes = new ArrayList<>();
      Set<Long> touched = new HashSet<>();
      int orders = 1 + random.nextInt(3);
      for (int j = 0; j < orders; j++) {
        long id = random.nextInt(ORDERS);
        if (touched.add(id)) {
          changes.add(change(random, id, current, lastVersions));
        }
      }
      transactions.add(OrderLog.transaction(FIRST_XID + i, changes.toArray(new OrderChange[0])));
      states.add(new HashMap<>(current));
    }
  }

  /** Changes one order in the model, and returns what the log has of it. */
  private static OrderChange change(
      Random random, long id, Map<Long, State> current, Map<Long, Long> lastVersions) {
    State before = current.get(id);
    long version = lastVersions.getOrDefault(id, 0L) + 1;
    lastVersions.put(id, version);
    String status = "S" + random.nextInt(100);
    List<RowChange> rows = new ArrayList<>();
    if (before != null && random.nextInt(6) == 0) {
      before.items().keySet().forEach(line -> rows.add(OrderLog.deletedItem(id, line)));
      rows.add(OrderLog.deletedRow(id));
      current.remove(id);
      if (random.nextBoolean()) {
        return OrderLog.change(id, OrderChange.NO_VERSION, rows.toArray(new RowChange[0]));
      }
      before = null;
    }
    TreeMap<Long, String> items = before == null ? new TreeMap<>() : new TreeMap<>(before.items());
    rows.add(
        before == null
            ? OrderLog.insertedRow(id, status, version)
            : OrderLog.updatedRow(id, status, version));
    for (int i = random.nextInt(4); i > 0; i--) {
      long line = random.nextInt(4);
      String sku = "A" + random.nextInt(100);
      if (!items.containsKey(line)) {
        rows.add(OrderLog.insertedItem(id, line, sku));
        items.put(line, sku);
      } else if (random.nextBoolean()) {
        rows.add(OrderLog.updatedItem(id, line, sku));
        items.put(line, sku);
      } else {
        rows.add(OrderLog.deletedItem(id, line));
        items.remove(line);
      }
    }
    current.put(id, new State(status, version, items));
    // A transaction that is too large keeps no row changes, except for a deletion.
    return random.nextInt(8) == 0
        ? new OrderChange(
            Long.toString(id),
            OrderChange.onlyDeletion(rows),
            false,
            version,
            OrderChange.NO_VERSION)
        : OrderLog.change(id, version, rows.toArray(new RowChange[0]));
  }

  private List<ResolvedEvent> resolveAll(Random random, OrderSchema schema) {
    ChangeResolver resolver = ChangeResolver.ofAllOrders(schema);
    OrderCache cache = new OrderCache(1 + random.nextInt(ORDERS));
    DeferredVersions deferred = DeferredVersions.NONE;
    List<ResolvedEvent> events = new ArrayList<>();
    int next = 0;
    while (next < transactions.size()) {
      int end = Math.min(transactions.size(), next + 1 + random.nextInt(4));
      List<TransactionPart> batch =
          OrderLog.batch(transactions.subList(next, end).toArray(new DatabaseTransaction[0]));
      Resolution resolution = resolver.resolve(batch, cache, deferred, LookUpResult.NONE);
      if (!resolution.missing().isEmpty()) {
        // A look-up shows all transactions of the batch, and some later ones.
        int shown = end - 1 + random.nextInt(transactions.size() - end + 1);
        resolution = resolver.resolve(batch, cache, deferred, lookUp(shown, resolution.missing()));
      }
      assertEquals(Set.of(), resolution.missing());
      cache.apply(resolution.cacheChanges());
      deferred = resolution.deferred();
      events.addAll(resolution.events());
      next = end;
    }
    assertTrue(deferred.isEmpty(), () -> "deferred at the end");
    return events;
  }

  private LookUpResult lookUp(int shown, Set<String> ids) {
    Map<String, OrderSnapshot> found = new HashMap<>();
    for (String id : ids) {
      State state = states.get(shown).get(Long.valueOf(id));
      if (state != null) {
        found.put(id, state.snapshot(Long.parseLong(id)));
      }
    }
    long xmax = FIRST_XID + shown + 1;
    return new LookUpResult(new TransactionSnapshot(xmax, xmax, List.of()), ids, found);
  }

  /** The log's positions are the versions: each order of each transaction has an event. */
  private void assertEveryChangeIsEmitted(List<ResolvedEvent> events) {
    Set<String> emitted = new HashSet<>();
    for (ResolvedEvent event : events) {
      assertTrue(emitted.add(event.transaction().xid() + " " + event.index()), "emitted twice");
      assertEquals(event.transaction().commitLsn().value(), event.event().version());
      int at = (int) (event.transaction().xid() - FIRST_XID);
      assertShownNotBefore(event.event(), at);
    }
    for (DatabaseTransaction transaction : transactions) {
      for (int i = 0; i < transaction.orders().size(); i++) {
        long id = Long.parseLong(transaction.orders().get(i).orderId());
        boolean present = emitted.contains(transaction.xid() + " " + i);
        // An order that the look-up shows as deleted has an event with its deletion only.
        assertTrue(present || isDeletedLater(id, transaction), () -> "not emitted: " + id);
      }
    }
  }

  private boolean isDeletedLater(long id, DatabaseTransaction transaction) {
    int at = (int) (transaction.xid() - FIRST_XID);
    return states.subList(at, states.size()).stream().anyMatch(state -> !state.containsKey(id));
  }

  /** The event holds the order as some transaction left it that is not before its own. */
  private void assertShownNotBefore(OrderEvent event, int at) {
    long id = (Long) event.id();
    if (event.kind() == OrderEvent.Kind.DELETE) {
      assertTrue(!states.get(at).containsKey(id), "deleted");
      return;
    }
    String text = text(event);
    assertTrue(
        states.subList(at, states.size()).stream()
            .anyMatch(state -> state.containsKey(id) && state.get(id).text(id).equals(text)),
        () -> text + " is no state of the order from transaction " + at + " on");
  }

  /** The database keeps versions: an event with a version holds exactly that version. */
  private void assertEachVersionIsEmittedOnceAsItWas(List<ResolvedEvent> events) {
    Map<Long, Long> last = new HashMap<>();
    for (ResolvedEvent resolved : events) {
      OrderEvent event = resolved.event();
      long id = (Long) event.id();
      if (event.kind() == OrderEvent.Kind.DELETE) {
        continue;
      }
      assertTrue(
          event.version() > last.getOrDefault(id, 0L), () -> text(event) + " does not increase");
      last.put(id, event.version());
      String expected =
          states.stream()
              .map(state -> state.get(id))
              .filter(state -> state != null && state.version() == event.version())
              .map(state -> state.text(id))
              .findFirst()
              .orElse("none");
      assertEquals(expected, text(event));
    }
  }

  private void assertLastEventsAreTheLastStates(List<ResolvedEvent> events) {
    Map<Long, String> emitted = new HashMap<>();
    for (ResolvedEvent event : events) {
      emitted.put((Long) event.event().id(), text(event.event()));
    }
    Map<Long, State> end = states.get(states.size() - 1);
    Set<Long> changed = new HashSet<>();
    transactions.forEach(
        transaction -> transaction.orderIds().forEach(id -> changed.add(Long.valueOf(id))));
    for (long id : changed) {
      State state = end.get(id);
      assertEquals(
          state == null ? id + " deleted" : state.text(id), emitted.get(id), () -> "order " + id);
    }
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
