package io.orderflow.sink.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.orderflow.sink.update.StockItem;
import org.junit.jupiter.api.Test;

class SharedItemsTest {

  private final SharedItems shared = new SharedItems();

  @Test
  void equalItemsAreOneObject() {
    StockItem first = shared.add(new StockItem("SKU-1", "Berlin"));

    assertSame(first, shared.find(new String("SKU-1"), new String("Berlin")));
    assertNull(shared.find("SKU-1", "Paris"));
    assertNull(shared.find("SKU-2", "Berlin"));
  }

  @Test
  void itemsOfEqualHashesAreNotMistaken() {
    assertEquals("Aa".hashCode(), "BB".hashCode());
    shared.add(StockItem.of("Aa"));

    assertNull(shared.find("BB", ""));
    // The texts of SKU and location together are the same.
    shared.add(new StockItem("AB", "C"));
    assertNull(shared.find("A", "BC"));
  }

  @Test
  void laterItemTakesThePlaceOfOneWithTheSameHash() {
    StockItem first = shared.add(StockItem.of("Aa"));
    StockItem later = shared.add(StockItem.of("BB"));

    assertSame(later, shared.find("BB", ""));
    assertNull(shared.find("Aa", ""));
    assertNotSame(first, shared.add(StockItem.of("Aa")));
  }
}
