package io.orderflow.source.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.orderflow.source.schema.ColumnRules;
import io.orderflow.source.schema.ColumnRules.Names;
import io.orderflow.source.schema.ColumnRules.TableRules;
import io.orderflow.source.schema.HashKey;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HashedValuesTest {

  private final HashedValues hashes = new HashedValues(new HashKey("Jefe"));

  /** RFC 4231, test case 2. */
  @Test
  void hashIsHmacSha256OfTheText() {
    // Given
    String data = "what do ya want for nothing?";

    // When
    String hash = hashes.of(data);

    // Then
    assertEquals("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", hash);
    assertEquals(hash, hashes.of(data.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void hashIsOfTheTextFormOfAnyTypeAndNullStaysNull() {
    // Given
    BigDecimal number = new BigDecimal("12E+2");

    // When
    String hash = hashes.of(number);

    // Then
    assertEquals(hashes.of("1200"), hash);
    assertEquals(hash, hashes.of(1200L));
    assertNotEquals(hash, hashes.of("1200.0"));
    assertNull(hashes.of(null));
  }

  @Test
  void keyIsInNoText() {
    // Given
    ColumnRules rules =
        new ColumnRules(
            TableRules.NONE,
            TableRules.NONE,
            new HashKey("very secret key"),
            null,
            Names.UNCHANGED);

    // When
    String text = rules.toString();

    // Then
    assertFalse(text.contains("secret"), text);
  }
}
