package io.orderflow.source.schema;

import java.util.Locale;

/**
 * How names of tables and columns become names in events, with the modes of Debezium's {@code
 * schema.name.adjustment.mode} and {@code field.name.adjustment.mode}. Avro (specification, Names)
 * accepts Latin letters, digits and underscores, and no digit at the start; Protobuf accepts the
 * same.
 */
public enum NameAdjustment {
  /** Names stay as they are. */
  NONE,
  /** Each character that Avro does not accept becomes an underscore. */
  AVRO,
  /**
   * Each character that Avro does not accept becomes {@code _u} and its four hexadecimal digits. So
   * does the underscore itself: no two names become the same.
   */
  AVRO_UNICODE;

  /** Whether Avro and Protobuf accept a name. */
  public static boolean isValid(String name) {
    return AVRO.adjust(name).equals(name);
  }

  /** The modes by their names in the configuration. */
  public static NameAdjustment of(String mode) {
    return valueOf(mode.toUpperCase(Locale.ROOT));
  }

  /**
   * The adjusted form of a name that has no parts: of a column, a table or a schema.
   *
   * @param name not empty
   */
  public String adjust(String name) {
    if (this == NONE) {
      return name;
    }
    StringBuilder adjusted = new StringBuilder(name.length());
    if (this == AVRO && isDigit(name.charAt(0))) {
      // As Debezium does: two names that differ only in this digit remain different.
      adjusted.append('_');
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean digitAtStart = this == AVRO_UNICODE && i == 0 && isDigit(c);
      if (isLetter(c) || (isDigit(c) && !digitAtStart)) {
        adjusted.append(c);
      } else {
        adjusted.append(this == AVRO ? "_" : "_u%04x".formatted((int) c));
      }
    }
    return adjusted.toString();
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
