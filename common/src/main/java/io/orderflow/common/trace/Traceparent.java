package io.orderflow.common.trace;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The value of a {@code traceparent} header (W3C Trace Context, section 3.2). A later version of
 * the format may append fields; those of version 00 are read from it.
 *
 * @param text the whole value
 * @param traceId 32 hexadecimal digits
 */
public record Traceparent(String text, String traceId) {

  private static final Pattern FORMAT =
      Pattern.compile(
          "(?<version>(?!ff)[0-9a-f]{2})"
              + "-(?<trace>(?!0{32})[0-9a-f]{32})"
              + "-(?!0{16})[0-9a-f]{16}"
              + "-[0-9a-f]{2}"
              + "(?<appended>-.*)?");

  /**
   * Reads a header's value.
   *
   * @param header text, or its bytes, depending on the header converter
   * @return empty if it is anything else, or text of another form
   */
  public static Optional<Traceparent> of(@Nullable Object header) {
    if (header instanceof String text) {
      return parse(text);
    }
    return header instanceof byte[] bytes
        ? parse(new String(bytes, StandardCharsets.ISO_8859_1))
        : Optional.empty();
  }

  private static Optional<Traceparent> parse(String text) {
    Matcher matcher = FORMAT.matcher(text);
    boolean isValid =
        matcher.matches()
            && (matcher.group("appended") == null || !matcher.group("version").equals("00"));
    return isValid ? Optional.of(new Traceparent(text, matcher.group("trace"))) : Optional.empty();
  }
}
