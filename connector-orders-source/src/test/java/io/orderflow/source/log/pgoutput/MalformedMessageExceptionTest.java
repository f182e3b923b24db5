package io.orderflow.source.log.pgoutput;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MalformedMessageExceptionTest {

  @Test
  void everyMessageCutShortAnywhereIsRefusedAndLeavesTheDecoderAsItWas() {
    PgOutputDecoder decoder = new PgOutputDecoder(Streaming.OFF);
    Streaming current = Streaming.OFF;
    for (Recording line : Recording.all()) {
      // Given
      if (line.streaming() != current) {
        current = line.streaming();
        decoder = new PgOutputDecoder(current);
      }
      PgOutputDecoder same = decoder;
      byte[] bytes = line.bytes();

      // When
      for (int length = 0; length < bytes.length; length++) {
        ByteBuffer cut = ByteBuffer.wrap(bytes, 0, length);

        // Then
        assertThrows(
            MalformedMessageException.class,
            () -> same.decode(cut),
            () -> cut.limit() + " bytes of " + line.made());
      }
      decoder.decode(ByteBuffer.wrap(bytes));
    }
  }

  @Test
  void bytesLeftOverAreRefused() {
    for (Recording line : Recording.all()) {
      if (line.streaming() == Streaming.OFF) {
        // Given
        byte[] bytes = line.bytes();
        ByteBuffer longer = ByteBuffer.wrap(Arrays.copyOf(bytes, bytes.length + 1));

        // When, then
        assertThrows(
            MalformedMessageException.class,
            () -> new PgOutputDecoder(Streaming.OFF).decode(longer),
            line.made());
      }
    }
  }

  @Test
  void brokenByteIsAnotherMessageOrRefusedAndNothingElse() {
    for (Recording line : Recording.all()) {
      byte[] whole = line.bytes();
      for (int place = 0; place < Math.min(100, whole.length); place++) {
        for (int broken : new int[] {0, 1, 0x41, 0x7f, 0x80, 0xff}) {
          // Given
          byte[] bytes = whole.clone();
          bytes[place] = (byte) broken;

          // When, then
          decodeOrRefuse(bytes);
        }
      }
    }
  }

  private static void decodeOrRefuse(byte[] bytes) {
    try {
      new PgOutputDecoder(Streaming.PARALLEL).decode(ByteBuffer.wrap(bytes));
    } catch (MalformedMessageException expected) {
      assertEquals(MalformedMessageException.class, expected.getClass());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "7a | expected the letter of a pgoutput message at byte 0, found the byte 0x7a",
        "'' | expected the kind of message in 1 bytes at byte 0, found 0 bytes up to the end of the message",
        "4900004e204e0001740000000568 | expected a column's value in 5 bytes at byte 13, found 1 bytes up to the end of the message",
        "4900004e204e000174ffffffff | expected the length of a column's value before byte 13, found -1",
        "4900004e204e000178 | expected a column's state, one of n, u, t and b at byte 8, found the byte 0x78",
        "4900004e204f00016e | expected a new row, N at byte 5, found the byte 0x4f",
        "4900004e204e00016e00 | expected the end of the message at byte 9, found 1 bytes more",
        "4f00000000000000016f | expected the origin's name, ended by a zero, from byte 9 on, found the end of the message at byte 10",
        "547fffffff00 | expected the tables' OIDs in 8589934588 bytes at byte 6, found 0 bytes up to the end of the message"
      })
  void errorTellsWhatWasExpectedWhatWasFoundAndWhere(String hex, String text) {
    // Given
    ByteBuffer message = ByteBuffer.wrap(HexFormat.of().parseHex(hex));

    // When
    MalformedMessageException error =
        assertThrows(
            MalformedMessageException.class,
            () -> new PgOutputDecoder(Streaming.OFF).decode(message));

    // Then
    assertEquals(text, error.getMessage());
  }

  @Test
  void messageIsReadFromThePositionOfAnyBuffer() {
    // Given
    ByteBuffer direct = ByteBuffer.allocateDirect(8);
    direct.put(3, (byte) 'E').position(3).limit(4);

    // When
    LogMessage message = new PgOutputDecoder(Streaming.ON).decode(direct);

    // Then
    assertEquals(new LogMessage.StreamStop(), message);
    assertEquals(3, direct.position());
  }
}
