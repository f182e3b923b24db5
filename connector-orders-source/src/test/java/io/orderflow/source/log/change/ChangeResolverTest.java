package io.orderflow.source.log.change;

import static io.orderflow.source.log.change.OrderLog.batch;
import static io.orderflow.source.log.change.OrderLog.change;
import static io.orderflow.source.log.change.OrderLog.deleted;
import static io.orderflow.source.log.change.OrderLog.deletedItem;
import static io.orderflow.source.log.change.OrderLog.inserted;
import static io.orderflow.source.log.change.OrderLog.lookedUp;
import static io.orderflow.source.log.change.OrderLog.snapshot;
import static io.orderflow.source.log.change.OrderLog.transaction;
import static io.orderflow.source.log.change.OrderLog.updated;
import static io.orderflow.source.log.change.OrderLog.updatedRow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.offset.EmittedAhead;
import io.orderflow.source.offset.Lsn;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChangeResolverTest {

  private final ChangeResolver resolver = ChangeResolver.ofAllOrders(OrderLog.WITHOUT_ITEMS);
  private final OrderCache cache = new OrderCache(100);
  private DeferredVersions deferred = DeferredVersions.NONE;

  @Test
  void unknownOrderIsMissingUntilItIsLookedUp() {
    // Given
    List<TransactionPart> batch = batch(transaction(100, updated(7, "PAID", 3)));

    // When
    Resolution first =
        resolver.resolve(
            batch, cache, deferred, EmittedAhead.NONE, OrderLog.CATALOG, LookUpResult.NONE);
    Resolution second =
        resolver.resolve(
            batch,
            cache,
            deferred,
            EmittedAhead.NONE,
            OrderLog.CATALOG,
            lookedUp(100, Set.of(7L), snapshot(7, "PAID", 3)));

    // Then
    assertEquals(Set.of("7"), first.missing());
    assertEquals(Set.of(), second.missing());
    assertEquals(List.of("7 PAID 3"), texts(second));
  }

  @Test
  void resolvingHasNoSideEffects() {
    // Given
    List<TransactionPart> batch =
        batch(transaction(100, inserted(7, "NEW", 1)), transaction(101, updated(7, "PAID", 2)));

    // When
    Resolution first =
        resolver.resolve(
            batch, cache, deferred, EmittedAhead.NONE, OrderLog.CATALOG, LookUpResult.NONE);
    Resolution again =
        resolver.resolve(
            batch, cache, deferred, EmittedAhead.NONE, OrderLog.CATALOG, LookUpResult.NONE);

    // Then
    assertEquals(texts(first), texts(again));
    assertNull(cache.get("7"));
  }

  @Test
  void changeWithoutAGreaterVersionIsEmittedAndReported() {
    // Given
    emit(LookUpResult.NONE, transaction(100, inserted(7, "NEW", 3)));

    // When
    Resolution same = emit(LookUpResult.NONE, transaction(101, updated(7, "PAID", 3)));
    Resolution less = emit(LookUpResult.NONE, transaction(102, updated(7, "SHIPPED", 2)));

    // Then
    assertEquals(List.of("7 PAID 3"), texts(same));
    assertEquals(new Resolution.UnraisedVersion("7", 3, 3), same.unraised());
    assertEquals(List.of("7 SHIPPED 2"), texts(less));
    assertNotNull(less.unraised());
  }

  @Test
  void versionThatALookUpHasShownIsNotEmittedAgain() {
    // Given
    Resolution first =
        emit(
            lookedUp(101, Set.of(7L), snapshot(7, "SHIPPED", 3)),
            transaction(100, updated(7, "PAID", 3)));

    // When
    Resolution shown = emit(LookUpResult.NONE, transaction(101, updated(7, "SHIPPED", 3)));
    Resolution later = emit(LookUpResult.NONE, transaction(102, updated(7, "RETURNED", 3)));

    // Then
    assertEquals(List.of("7 SHIPPED 3"), texts(first));
    assertEquals(List.of(), texts(shown));
    assertEquals(List.of("7 RETURNED 3"), texts(later));
  }

  @Test
  void laterVersionThatALookUpShowsIsDeferredUntilItsChangeComes() {
    // When
    Resolution first =
        emit(
            lookedUp(102, Set.of(7L, 8L), snapshot(7, "RETURNED", 4), snapshot(8, "PAID", 2)),
            transaction(100, updated(7, "PAID", 2), updated(8, "PAID", 2)));
    boolean afterFirst = deferred.isEmpty();
    Resolution second = emit(LookUpResult.NONE, transaction(101, updated(7, "SHIPPED", 3)));
    boolean afterSecond = deferred.isEmpty();
    Resolution third = emit(LookUpResult.NONE, transaction(102, updated(7, "RETURNED", 4)));

    // Then
    assertEquals(List.of("8 PAID 2"), texts(first));
    assertFalse(afterFirst);
    assertEquals(List.of(), texts(second));
    assertFalse(afterSecond);
    assertEquals(List.of("7 RETURNED 4"), texts(third));
    assertTrue(deferred.isEmpty());
  }

  @Test
  void deletionOfAnOrderThatALookUpDoesNotShowIsDeferred() {
    // When
    Resolution first = emit(lookedUp(101, Set.of(7L)), transaction(100, updated(7, "PAID", 2)));
    boolean afterFirst = deferred.isEmpty();
    Resolution second = emit(LookUpResult.NONE, transaction(101, deleted(7)));

    // Then
    assertEquals(List.of(), texts(first));
    assertFalse(afterFirst);
    assertEquals(List.of("7 deleted"), texts(second));
    assertTrue(deferred.isEmpty());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tombstoneAfterALookUpIsNewerThanTheVersionThatWasEmittedBefore(boolean shownByLookUp) {
    // Given
    ChangeResolver items = ChangeResolver.ofAllOrders(OrderLog.WITH_VERSIONS);
    cache.foundStrayItems(List.of(), new Lsn(0));
    cache.reached(new Lsn(1));
    emit(items, LookUpResult.NONE, transaction(100, inserted(7, "NEW", 5)));

    // When
    // The deleted item is not in the cache, so that the order has to be looked up.
    OrderChange unknown = change(7, OrderChange.NO_VERSION, deletedItem(7, 1));
    emit(items, lookedUp(shownByLookUp ? 102 : 101, Set.of(7L)), transaction(101, unknown));
    Resolution resolution = emit(items, lookedUp(102, Set.of(7L)), transaction(102, deleted(7)));

    // Then
    assertEquals(6, resolution.events().get(0).event().version());
  }

  @Test
  void unraisedVersionThatALookUpShowsIsEmitted() {
    // Given
    ChangeResolver items = ChangeResolver.ofAllOrders(OrderLog.WITH_VERSIONS);
    cache.foundStrayItems(List.of(), new Lsn(0));
    cache.reached(new Lsn(1));
    emit(items, LookUpResult.NONE, transaction(100, inserted(7, "NEW", 5)));

    // When
    Resolution resolution =
        emit(
            items,
            lookedUp(101, Set.of(7L), snapshot(7, "PAID", 5)),
            transaction(101, change(7, 5, updatedRow(7, "PAID", 5), deletedItem(7, 1))));

    // Then
    assertEquals(List.of("7 PAID 5"), texts(resolution));
  }

  @Test
  void orderThatIsInsertedAgainIsEmittedAfterItsDeletionWhateverWasLookedUp() {
    // When
    Resolution resolution =
        emit(
            lookedUp(102, Set.of(7L), snapshot(7, "NEW", 1)),
            transaction(100, updated(7, "PAID", 1)),
            transaction(101, deleted(7)),
            transaction(102, inserted(7, "NEW", 1)));

    // Then
    assertEquals(List.of("7 NEW 1", "7 deleted", "7 NEW 1"), texts(resolution));
  }

  private Resolution emit(LookUpResult lookedUp, DatabaseTransaction... transactions) {
    return emit(resolver, lookedUp, transactions);
  }

  private Resolution emit(
      ChangeResolver by, LookUpResult lookedUp, DatabaseTransaction... transactions) {
    Resolution resolution =
        by.resolve(
            batch(transactions), cache, deferred, EmittedAhead.NONE, OrderLog.CATALOG, lookedUp);
    assertEquals(Set.of(), resolution.missing());
    cache.apply(resolution.cacheChanges(), lookedUp);
    deferred = resolution.deferred();
    return resolution;
  }

  private static List<String> texts(Resolution resolution) {
    return resolution.events().stream().map(event -> OrderLog.text(event.event())).toList();
  }
}
