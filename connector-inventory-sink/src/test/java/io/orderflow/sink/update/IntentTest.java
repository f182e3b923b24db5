package io.orderflow.sink.update;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.sink.fixture.Updates;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class IntentTest {

  @Test
  void everyIntentHasItsEffect() {
    assertEquals(new Effect(3, 0), Intent.RESERVE.effect(3));
    assertEquals(new Effect(0, -3), Intent.SHIP.effect(3));
    assertEquals(new Effect(0, 3), Intent.RECEIVE.effect(3));
    assertEquals(Effect.NONE, Intent.RELEASE.effect(3));
    assertEquals(Effect.NONE, Intent.RETURN.effect(3));
  }

  @Test
  void onlyIntentsThatMoveStockHaveAnEffect() {
    for (Intent intent : Intent.values()) {
      assertEquals(intent.movesStock(), !intent.effect(1).isNone(), intent.name());
    }
  }

  @Test
  void updateHasTheEffectOfItsIntentOnEverySku() {
    // Given
    TreeMap<String, Long> quantities = new TreeMap<>(Map.of("apple", 2L, "pear", 5L));

    // When
    InventoryUpdate shipped = Updates.of(1L, 1, Intent.SHIP, quantities);
    InventoryUpdate released = Updates.of(1L, 2, Intent.RELEASE, quantities);

    // Then
    assertEquals(
        Updates.bySku(Map.of("apple", new Effect(0, -2), "pear", new Effect(0, -5))),
        shipped.effects());
    assertEquals(Map.of(), released.effects());
    assertEquals(Map.of(), new Deletion(1L, 3).effects());
  }

  @Test
  void whatIsLeftToDoIsTheDifference() {
    // Given
    Effect effect = new Effect(3, -4);

    // Then
    assertEquals(new Effect(2, -9), effect.minus(new Effect(1, 5)));
    assertEquals(Effect.NONE, effect.minus(effect));
  }
}
