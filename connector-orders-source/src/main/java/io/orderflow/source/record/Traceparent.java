package io.orderflow.source.record;

import java.util.regex.Pattern;

/** The trace context of an event, as W3C's Trace Context has it (3.2, traceparent Header). */
public final class Traceparent {

  private static final Pattern VALID =
      Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

  private Traceparent() {}

  /** Whether it is one of version 00, with a trace and a parent that are not all zeros. */
  public static boolean isValid(String text) {
    return VALID.matcher(text).matches();
  }
}
