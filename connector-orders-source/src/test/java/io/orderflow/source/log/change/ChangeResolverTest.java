package io.orderflow.source.log.change;

import static io.orderflow.source.log.change.ShopLog.changed;
import static io.orderflow.source.log.change.ShopLog.deleted;
import static io.orderflow.source.log.change.ShopLog.lookedUp;
import static io.orderflow.source.log.change.ShopLog.order;
import static io.orderflow.source.log.change.ShopLog.placed;
import static io.orderflow.source.log.change.ShopLog.transaction;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChangeResolverTest {

  private final DeferredVersions owed = new DeferredVersions();
  private final ChangeResolver teller =
      new ChangeResolver(ShopLog.LAYOUT, false, 100, owed, InstantSource.system());

  @Test
  void changeWithoutAGreaterVersionIsToldAllTheSame() {
    // Given
    tell(transaction(100, placed(7, "NEW", 3)), null);

    // When
    List<String> same = tell(transaction(101, changed(7, "PAID", 3)), null);
    List<String> less = tell(transaction(102, changed(7, "SHIPPED", 2)), null);

    // Then
    assertEquals(List.of("7 PAID 3"), same);
    assertEquals(List.of("7 SHIPPED 2"), less);
  }

  @Test
  void changeThatALookUpHasToldIsNotToldAgain() {
    // Given
    List<String> first =
        tell(transaction(100, changed(7, "PAID", 3)), lookedUp(101, order(7, "SHIPPED", 3)));

    // When
    List<String> contained = tell(transaction(101, changed(7, "SHIPPED", 3)), null);
    List<String> after = tell(transaction(102, changed(7, "RETURNED", 3)), null);

    // Then
    assertEquals(List.of("7 SHIPPED 3"), first);
    assertEquals(List.of(), contained);
    assertEquals(List.of("7 RETURNED 3"), after);
  }

  @Test
  void laterVersionThatALookUpShowsIsOwedUntilItsTurn() {
    // Given
    DatabaseTransaction both = transaction(100, changed(7, "PAID", 2), changed(8, "PAID", 2));

    // When
    List<String> first = tell(both, lookedUp(102, order(7, "RETURNED", 4), order(8, "PAID", 2)));
    boolean owedFirst = !owed.isNothing();
    List<String> second = tell(transaction(101, changed(7, "SHIPPED", 3)), null);
    boolean owedSecond = !owed.isNothing();
    List<String> third = tell(transaction(102, changed(7, "RETURNED", 4)), null);

    // Then
    assertEquals(List.of("8 PAID 2"), first);
    assertTrue(owedFirst);
    assertEquals(List.of(), second);
    assertTrue(owedSecond);
    assertEquals(List.of("7 RETURNED 4"), third);
    assertTrue(owed.isNothing());
  }

  @Test
  void orderThatALookUpDoesNotShowIsOwedItsDeletion() {
    // When
    List<String> first = tell(transaction(100, changed(7, "PAID", 2)), lookedUp(101));
    boolean owedFirst = !owed.isNothing();
    List<String> second = tell(transaction(101, deleted(7)), null);

    // Then
    assertEquals(List.of(), first);
    assertTrue(owedFirst);
    assertEquals(List.of("7 gone"), second);
    assertTrue(owed.isNothing());
  }

  @Test
  void orderThatIsPlacedAgainIsToldAfterItsDeletionWhateverWasLookedUpBefore() {
    // Given
    List<DatabaseTransaction> all =
        List.of(
            transaction(100, changed(7, "PAID", 1)),
            transaction(101, deleted(7)),
            transaction(102, placed(7, "NEW", 1)));

    // When
    List<Told> told = teller.tell(teller.read(all), lookedUp(102, order(7, "NEW", 1)));

    // Then
    assertEquals(List.of("7 NEW 1", "7 gone", "7 NEW 1"), ShopLog.texts(told));
  }

  private List<String> tell(DatabaseTransaction transaction, @Nullable LookedUp lookedUp) {
    return ShopLog.texts(teller.tell(teller.read(List.of(transaction)), lookedUp));
  }
}
