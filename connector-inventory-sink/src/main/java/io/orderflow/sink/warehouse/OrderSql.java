package io.orderflow.sink.warehouse;

import io.orderflow.common.database.TableName;
import io.orderflow.sink.plan.Outcome;
import io.orderflow.sink.update.Effect;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The statements of the orders table, and the binding of outcomes to them. */
record OrderSql(String read, String copy, String insert, String update) {

  /** The number of columns that COPY writes. */
  static final int COLUMN_COUNT = 8;

  private static final String COLUMNS =
      "order_id, version, state, reason, skus, reserved, on_hand_delta, backordered";

  static OrderSql of(TableName table, OrderIdColumn ids) {
    return new OrderSql(
        ("SELECT order_id, version, state, reason, skus, reserved, on_hand_delta, backordered,"
                + " revision FROM %s WHERE order_id = ANY (?::%s)")
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
               backordered = u.backordered::bigint[], updated_at = now(),
               revision = o.revision + 1
          FROM unnest(?::%s, ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                      ?::text[], ?::bigint[]) AS u (%s, read_revision)
         WHERE o.order_id = u.order_id AND o.revision = u.read_revision"""
            .formatted(table.quoted(), ids.arrayType(), COLUMNS));
  }

  /** Binds an array for each column except the order ID. */
  static void bind(PreparedStatement statement, int first, List<Outcome> outcomes)
      throws SQLException {
    statement.setObject(first, outcomes.stream().mapToLong(Outcome::version).toArray());
    statement.setObject(first + 1, Columns.texts(outcomes, o -> o.state().name()));
    statement.setObject(first + 2, Columns.texts(outcomes, OrderSql::reason));
    statement.setObject(first + 3, Columns.texts(outcomes, o -> skus(o.effects())));
    statement.setObject(
        first + 4, Columns.texts(outcomes, o -> numbers(o.effects(), Effect::reserved)));
    statement.setObject(
        first + 5, Columns.texts(outcomes, o -> numbers(o.effects(), Effect::onHand)));
    statement.setObject(first + 6, Columns.texts(outcomes, OrderSql::backorders));
  }

  /** The backordered quantity of each SKU of the outcome; null if nothing is backordered. */
  static long @Nullable [] backordered(Outcome outcome) {
    return outcome.backordered().isEmpty()
        ? null
        : outcome.effects().keySet().stream()
            .mapToLong(sku -> outcome.backordered().getOrDefault(sku, 0L))
            .toArray();
  }

  private static @Nullable String backorders(Outcome outcome) {
    long[] backordered = backordered(outcome);
    return backordered == null ? null : Columns.array(Arrays.stream(backordered));
  }

  static @Nullable String reason(Outcome outcome) {
    return outcome.reason() == null ? null : outcome.reason().name();
  }

  /** The SKUs as the text of an array. */
  static String skus(SortedMap<String, Effect> effects) {
    return Columns.array(effects.keySet());
  }

  /** One number of each effect, in the order of the SKUs, as the text of an array. */
  static String numbers(SortedMap<String, Effect> effects, ToLongFunction<Effect> number) {
    return Columns.array(effects.values().stream().mapToLong(number));
  }
}
