package io.orderflow.sink.warehouse;

import io.orderflow.common.database.TableName;
import io.orderflow.sink.plan.Outcome;
import io.orderflow.sink.update.Effect;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The statements of the orders table, and how outcomes are bound to them. An array for each row
 * goes as its text: {@code unnest} would take an array of arrays apart down to the elements.
 */
record OrderSql(String read, String copy, String insert, String update) {

  /** How many columns a COPY has. */
  static final int COLUMN_COUNT = 8;

  private static final String COLUMNS =
      "order_id, version, state, reason, skus, reserved, on_hand_delta, backordered";

  static OrderSql of(TableName table, OrderIds ids) {
    return new OrderSql(
        "SELECT order_id, version, skus, reserved, on_hand_delta FROM %s WHERE order_id = ANY (?::%s)"
            .formatted(table.quoted(), ids.arrayType()),
        "COPY %s (%s) FROM STDIN (FORMAT binary)".formatted(table.quoted(), COLUMNS),
        """
        INSERT INTO %s (%s)
        SELECT order_id, version, state, reason, skus::text[], reserved::bigint[], on_hand_delta::bigint[],
               backordered::bigint[]
          FROM unnest(?::%s, ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                      ?::text[])
               AS u (%s)
        ON CONFLICT (order_id) DO NOTHING"""
            .formatted(table.quoted(), COLUMNS, ids.arrayType(), COLUMNS),
        """
        UPDATE %s o
           SET version = u.version, state = u.state, reason = u.reason, skus = u.skus::text[],
               reserved = u.reserved::bigint[], on_hand_delta = u.on_hand_delta::bigint[],
               backordered = u.backordered::bigint[], updated_at = now()
          FROM unnest(?::%s, ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                      ?::text[], ?::bigint[]) AS u (%s, read_version)
         WHERE o.order_id = u.order_id AND o.version = u.read_version"""
            .formatted(table.quoted(), ids.arrayType(), COLUMNS));
  }

  /** Binds all columns but the order ID, an array for each. */
  static void bind(PreparedStatement statement, int first, List<Outcome> outcomes)
      throws SQLException {
    statement.setObject(first, outcomes.stream().mapToLong(Outcome::version).toArray());
    statement.setObject(
        first + 1, outcomes.stream().map(o -> o.state().name()).toArray(String[]::new));
    statement.setObject(first + 2, outcomes.stream().map(OrderSql::reason).toArray(String[]::new));
    statement.setObject(
        first + 3, outcomes.stream().map(o -> texts(o.effects().keySet())).toArray(String[]::new));
    statement.setObject(first + 4, numbers(outcomes, Effect::reserved));
    statement.setObject(first + 5, numbers(outcomes, Effect::onHand));
    statement.setObject(first + 6, outcomes.stream().map(OrderSql::text).toArray(String[]::new));
  }

  /** What is backordered of each SKU that the outcome has; null where nothing is. */
  static long @Nullable [] backordered(Outcome outcome) {
    return outcome.backordered().isEmpty()
        ? null
        : outcome.effects().keySet().stream()
            .mapToLong(sku -> outcome.backordered().getOrDefault(sku, 0L))
            .toArray();
  }

  private static @Nullable String text(Outcome outcome) {
    long[] backordered = backordered(outcome);
    return backordered == null
        ? null
        : Arrays.stream(backordered)
            .mapToObj(Long::toString)
            .collect(Collectors.joining(",", "{", "}"));
  }

  static @Nullable String reason(Outcome outcome) {
    return outcome.reason() == null ? null : outcome.reason().name();
  }

  private static String[] numbers(List<Outcome> outcomes, ToLongFunction<Effect> number) {
    return outcomes.stream()
        .map(outcome -> numbers(outcome.effects().values(), number))
        .toArray(String[]::new);
  }

  static String numbers(Collection<Effect> effects, ToLongFunction<Effect> number) {
    return effects.stream()
        .map(effect -> Long.toString(number.applyAsLong(effect)))
        .collect(Collectors.joining(",", "{", "}"));
  }

  /** The text of an array of texts: manual, section 8.15.6. */
  static String texts(Collection<String> elements) {
    StringBuilder text = new StringBuilder(16 * elements.size() + 2).append('{');
    for (String element : elements) {
      text.append(text.length() == 1 ? "\"" : ",\"");
      for (int i = 0; i < element.length(); i++) {
        char at = element.charAt(i);
        if (at == '"' || at == '\\') {
          text.append('\\');
        }
        text.append(at);
      }
      text.append('"');
    }
    return text.append('}').toString();
  }
}
