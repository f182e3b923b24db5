package io.orderflow.source.log.pgoutput;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.log.pgoutput.LogMessage.Begin;
import io.orderflow.source.log.pgoutput.LogMessage.Commit;
import io.orderflow.source.log.pgoutput.LogMessage.Insert;
import io.orderflow.source.log.pgoutput.LogMessage.Relation;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PgOutputDecoderTest {

  @Test
  void everyKindOfMessageOfProtocolVersion1IsRecorded() {
    // When
    Set<Character> letters =
        Recording.all().stream()
            .map(line -> (char) line.bytes()[0])
            .collect(Collectors.toUnmodifiableSet());

    // Then
    assertEquals(Set.of('B', 'C', 'R', 'I', 'U', 'D', 'T', 'O', 'Y', 'M'), letters);
  }

  @Test
  void originsTypesAndLogicalDecodingMessagesAreSkipped() {
    // Given
    List<Recording> skipped = Recording.all().stream().filter(Recording::isSkipped).toList();

    // When, then
    assertTrue(skipped.size() > 2);
    for (Recording line : skipped) {
      assertNull(PgOutputDecoder.decode(ByteBuffer.wrap(line.bytes())), line.statements());
    }
  }

  @Test
  void transactionWithAnOriginIsDecodedWithoutIt() {
    // When
    List<LogMessage> messages = Recording.decoded("origin");

    // Then
    assertInstanceOf(Begin.class, messages.get(0));
    assertInstanceOf(Relation.class, messages.get(1));
    assertInstanceOf(Insert.class, messages.get(2));
    assertInstanceOf(Commit.class, messages.get(3));
    assertEquals(4, messages.size());
  }
}
