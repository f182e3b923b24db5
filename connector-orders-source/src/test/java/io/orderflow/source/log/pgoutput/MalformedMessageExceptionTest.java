package io.orderflow.source.log.pgoutput;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.orderflow.source.offset.Lsn;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MalformedMessageExceptionTest {

  @Test
  void messageCutShortAnywhereIsRefused() {
    for (Recording line : decodedLines()) {
      // Given
      byte[] bytes = line.bytes();
      for (int length = 0; length < bytes.length; length++) {
        ByteBuffer cut = ByteBuffer.wrap(bytes, 0, length);

        // When, then
        assertThrows(
            MalformedMessageException.class,
            () -> PgOutputDecoder.decode(cut),
            () -> cut.limit() + " bytes of " + line.statements());
      }
    }
  }

  @Test
  void surplusBytesAreRefused() {
    for (Recording line : decodedLines()) {
      // Given
      byte[] bytes = line.bytes();
      ByteBuffer longer = ByteBuffer.wrap(Arrays.copyOf(bytes, bytes.length + 1));

      // When, then
      assertThrows(
          MalformedMessageException.class, () -> PgOutputDecoder.decode(longer), line.statements());
    }
  }

  private static List<Recording> decodedLines() {
    return Recording.all().stream().filter(line -> !line.isSkipped()).toList();
  }

  @Test
  void brokenByteIsAnotherMessageOrRefusedAndNothingElse() {
    for (Recording line : Recording.all()) {
      byte[] recorded = line.bytes();
      for (int index = 0; index < Math.min(100, recorded.length); index++) {
        for (int broken : new int[] {0, 1, 0x41, 0x7f, 0x80, 0xff}) {
          // Given
          byte[] bytes = recorded.clone();
          bytes[index] = (byte) broken;

          // When, then
          decodeOrRefuse(bytes);
        }
      }
    }
  }

  private static void decodeOrRefuse(byte[] bytes) {
    try {
      PgOutputDecoder.decode(ByteBuffer.wrap(bytes));
    } catch (MalformedMessageException expected) {
      assertEquals(MalformedMessageException.class, expected.getClass());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "7a | expected the letter of a pgoutput message at byte 0, found the byte 0x7a",
        "'' | expected the kind of message in 1 bytes at byte 0, found 0 bytes up to the end of the"
            + " message",
        "4900004e204e0001740000000568 | expected a column's value in 5 bytes at byte 13, found 1"
            + " bytes up to the end of the message",
        "4900004e204e000174ffffffff | expected the length of a column's value before byte 13, found"
            + " -1",
        "4900004e204e000178 | expected a column's state, one of n, u and t at byte 8, found the"
            + " byte 0x78",
        "4900004e204f00016e | expected a new row, N at byte 5, found the byte 0x4f",
        "4900004e204e00016e00 | expected the end of the message at byte 9, found 1 bytes more",
        "5200004e2070 | expected the schema, ended by a zero, from byte 5 on, found the end of the"
            + " message at byte 6",
        "547fffffff00 | expected the tables' OIDs in 8589934588 bytes at byte 6, found 0 bytes up"
            + " to the end of the message"
      })
  void messageSaysWhatWasExpectedAndWhatWasFoundAtWhichByte(String hex, String text) {
    // Given
    ByteBuffer message = ByteBuffer.wrap(HexFormat.of().parseHex(hex));

    // When
    MalformedMessageException error =
        assertThrows(MalformedMessageException.class, () -> PgOutputDecoder.decode(message));

    // Then
    assertEquals(text, error.getMessage());
  }

  @Test
  void messageIsReadFromThePositionOfAnyBuffer() {
    // Given
    ByteBuffer direct = ByteBuffer.allocateDirect(40);
    direct.put(3, (byte) 'B').putLong(4, 8).putInt(20, 741).position(3).limit(24);

    // When
    LogMessage message = PgOutputDecoder.decode(direct);

    // Then
    assertEquals(
        new LogMessage.Begin(new Lsn(8), Instant.parse("2000-01-01T00:00:00Z").toEpochMilli(), 741),
        message);
    assertEquals(3, direct.position());
  }
}
