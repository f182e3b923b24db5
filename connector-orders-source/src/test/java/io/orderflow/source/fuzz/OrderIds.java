package io.orderflow.source.fuzz;

import java.util.UUID;

/** The types that an order ID can have, with the IDs of each. */
enum OrderIds {
  BIGINT("bigint"),
  INTEGER("integer"),
  SMALLINT("smallint"),
  UUID_("uuid"),
  TEXT("text"),
  VARCHAR("varchar(12)"),
  DOMAIN("order_number");

  /** Creates the domain of {@link #DOMAIN}. */
  static final String DOMAIN_DDL = "CREATE DOMAIN order_number AS bigint CHECK (VALUE <> 4711)";

  private static final String[] PREFIXES = {"", "a", "Z", "Ä", "b'\"", " ", "{,\\", "%_"};

  private final String type;

  OrderIds(String type) {
    this.type = type;
  }

  String type() {
    return type;
  }

  boolean isText() {
    return this == TEXT || this == VARCHAR;
  }

  /** The ID of an order as SQL, by the order's number. */
  String literal(int number) {
    return Literals.text(text(number));
  }

  /** The ID of an order as text, by the order's number. */
  String text(int number) {
    return switch (this) {
      case BIGINT, DOMAIN -> within(number, Long.MIN_VALUE, Long.MAX_VALUE);
      case INTEGER -> within(number, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case SMALLINT -> within(number, Short.MIN_VALUE, Short.MAX_VALUE);
      case UUID_ -> new UUID(number * 0x9E3779B97F4A7C15L, number).toString();
      case TEXT, VARCHAR -> PREFIXES[number % PREFIXES.length] + number;
    };
  }

  private static String within(int number, long min, long max) {
    return Long.toString(
        switch (number % 7) {
          case 5 -> max - number;
          case 6 -> min + number;
          case 3 -> -number;
          default -> number;
        });
  }
}
