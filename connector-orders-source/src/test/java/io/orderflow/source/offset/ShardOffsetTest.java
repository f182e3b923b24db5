package io.orderflow.source.offset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.source.schema.OrderIdColumns;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardOffsetTest {

  private static final OrderIdColumns IDS =
      new OrderIdColumns(
          List.of("a", "b", "c"),
          List.of(OrderIdType.INTEGER, OrderIdType.TEXT, OrderIdType.BIGINT));

  @Test
  void leastIdHasAPartForEachColumn() {
    assertEquals("-2147483648::-9223372036854775808", ShardOffset.minOrderId(IDS));
    offset(ShardOffset.minOrderId(IDS)).requireOrderIdOf(IDS);
    offset("1:a\\:b:2").requireOrderIdOf(IDS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "1:a:b:2", "x:a:2", "1:a:", "9999999999:a:2"})
  void idThatNoOrderCanHaveIsRefused(String id) {
    ShardOffset offset = offset(id);
    assertThrows(IllegalArgumentException.class, () -> offset.requireOrderIdOf(IDS));
  }

  private static ShardOffset offset(String id) {
    return new ShardOffset(5, id, 4, "system", 0);
  }
}
