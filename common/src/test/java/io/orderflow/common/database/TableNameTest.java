package io.orderflow.common.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TableNameTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "orders, public, orders",
        "shop.orders, shop, orders",
        "Shop.Orders, Shop, Orders",
        "'\"My Shop\".\"The Orders\"', My Shop, The Orders",
        "'\"a.b\".c', a.b, c",
        "'\"say \"\"hi\"\"\"', public, 'say \"hi\"'",
      })
  void readsTheFormsOfAName(String text, String schema, String table) {
    assertEquals(new TableName(schema, table), TableName.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a.b.c", "a b", ".orders", "orders.", "\"open"})
  void refusesOtherForms(String text) {
    assertThrows(IllegalArgumentException.class, () -> TableName.parse(text));
  }

  @Test
  void quotedNameCannotLeaveItsQuotes() {
    assertEquals(
        "\"public\".\"x\"\"; DROP TABLE orders; --\"",
        new TableName("public", "x\"; DROP TABLE orders; --").quoted());
  }
}
