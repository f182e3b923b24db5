package io.orderflow.source.config;

import java.util.Map;

/** What the converter of values makes of an event: its size depends on this. */
public enum ConverterForm {
  /**
   * That of a converter that is not known, since connectors do not see the worker's own
   * configuration; its size is that of the largest form.
   */
  UNKNOWN("JSON with the schema, the largest form, since the connector sets no value.converter"),
  /** JSON text that contains the event's schema. */
  JSON_WITH_SCHEMA("JSON with the schema"),
  /** JSON text with the names of the fields. */
  JSON("JSON"),
  /** Avro or Protobuf, without names. */
  BINARY("Avro or Protobuf");

  private static final String CONVERTER = "value.converter";
  private static final String SCHEMAS = CONVERTER + ".schemas.enable";

  private final String label;

  ConverterForm(String label) {
    this.label = label;
  }

  /** The name in messages. */
  public String label() {
    return label;
  }

  /** The form that a connector's converter makes, by the name of its class. */
  static ConverterForm of(Map<String, String> connector) {
    String converter = connector.getOrDefault(CONVERTER, "").strip();
    if (converter.isEmpty()) {
      return UNKNOWN;
    }
    String name = converter.substring(converter.lastIndexOf('.') + 1);
    if (name.contains("Avro") || name.contains("Protobuf")) {
      return BINARY;
    }
    boolean withoutSchema =
        name.equals("JsonConverter")
            ? connector.getOrDefault(SCHEMAS, "true").strip().equalsIgnoreCase("false")
            : name.contains("Json");
    return withoutSchema ? JSON : JSON_WITH_SCHEMA;
  }
}
