package io.orderflow.benchmarks.program;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CopyBinaryTest {

  private static final int HEADER = 19;

  @Test
  void amountsAreGroupsOfFourDigits() {
    // Given
    CopyBinary rows = new CopyBinary();

    // When
    rows.cents(1_234_567_89L);

    // Then: length 14, 3 groups, the first of weight 1, positive, 2 decimals; 123 4567 8900
    assertEquals(
        "0000000e" + "0003" + "0001" + "0000" + "0002" + "007b" + "11d7" + "22c4", hex(rows));
  }

  @Test
  void smallAmountHasAGroupOfZeroBeforeTheDot() {
    // Given
    CopyBinary rows = new CopyBinary();

    // When
    rows.cents(7);

    // Then
    assertEquals("0000000c" + "0002" + "0000" + "0000" + "0002" + "0000" + "02bc", hex(rows));
  }

  @Test
  void arrayBeginsWithItsSizeElementTypeAndLength() {
    // Given
    CopyBinary rows = new CopyBinary();

    // When
    rows.texts(List.of("A", "BC"));

    // Then
    assertEquals(
        "0000001f"
            + "00000001"
            + "00000000"
            + "00000019"
            + "00000002"
            + "00000001"
            + "00000001"
            + "41"
            + "00000002"
            + "4243",
        hex(rows));
  }

  @Test
  void centsAreReadFromText() {
    // Given
    String text = "1234.05";

    // When
    long cents = Cents.parse(text);

    // Then
    assertEquals(123_405, cents);
  }

  private static String hex(CopyBinary rows) {
    byte[] content = rows.content();
    return HexFormat.of().formatHex(content, HEADER, content.length);
  }
}
