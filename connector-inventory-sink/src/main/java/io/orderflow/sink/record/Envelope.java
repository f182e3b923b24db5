package io.orderflow.sink.record;

import org.jspecify.annotations.Nullable;

/** Recognises values that still wear the wrapping of the tool that wrote them. */
final class Envelope {

  private Envelope() {}

  static @Nullable FieldError around(Row value) {
    if (value.has("op") && value.has("before") && value.has("after")) {
      return new FieldError(
          "the row itself",
          "a Debezium envelope (before, after, op)",
          "Unwrap it with the transformation io.debezium.transforms.ExtractNewRecordState.");
    }
    if (value.has("schema") && value.has("payload")) {
      return new FieldError(
          "the row itself",
          "a JSON envelope (schema, payload)",
          "Set value.converter.schemas.enable=true.");
    }
    return null;
  }
}
