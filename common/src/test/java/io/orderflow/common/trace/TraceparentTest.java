package io.orderflow.common.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceparentTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String TEXT = "00-" + TRACE + "-b7ad6b7169203331-01";

  @Test
  void textAndItsBytesAreTheSame() {
    // Given
    Optional<Traceparent> expected = Optional.of(new Traceparent(TEXT, TRACE));

    // Then
    assertEquals(expected, Traceparent.of(TEXT));
    assertEquals(expected, Traceparent.of(TEXT.getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void laterVersionMayAppendFields() {
    // Given
    String later = "01" + TEXT.substring(2) + "-more";

    // Then
    assertEquals(Optional.of(new Traceparent(later, TRACE)), Traceparent.of(later));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "traceparent",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331"
      })
  void malformedTextIsIgnored(String text) {
    // Then
    assertEquals(Optional.empty(), Traceparent.of(text));
  }

  @Test
  void otherTypesAreIgnored() {
    // Then
    assertEquals(Optional.empty(), Traceparent.of(null));
    assertEquals(Optional.empty(), Traceparent.of(17L));
  }
}
