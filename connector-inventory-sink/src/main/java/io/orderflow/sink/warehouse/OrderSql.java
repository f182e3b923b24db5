package io.orderflow.sink.warehouse;

import io.orderflow.common.database.TableName;
import io.orderflow.sink.plan.Outcome;
import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.StockItem;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The statements of the orders table, and the binding of outcomes to them.
 *
 * @param expires whether they read and write deadlines; otherwise an update removes them
 * @param ofDocuments whether they write the effects that only stock documents have. Statements that
 *     do not are for batches in which no order has or had any
 */
record OrderSql(
    boolean expires, boolean ofDocuments, String read, String copy, String insert, String update) {

  /**
   * The number of columns that COPY writes, without the deadline and the effects of documents. The
   * last of them is the revision.
   */
  private static final int COLUMN_COUNT = 10;

  /** The columns of a stored order, as {@link OrderRows#outcome} reads them. */
  static final String STORED =
      "order_id, version, state, reason, skus, locations, reserved, on_hand_delta, backordered,"
          + " revision, unavailable, incoming";

  static final String DEADLINE = ", expires_at";

  private static final String EFFECTS_OF_DOCUMENTS = ", unavailable, incoming";

  private static final String COLUMNS =
      "order_id, version, state, reason, skus, locations, reserved, on_hand_delta, backordered";

  static OrderSql of(TableName table, OrderIdColumn ids, boolean expires, boolean ofDocuments) {
    String columns =
        COLUMNS + (expires ? DEADLINE : "") + (ofDocuments ? EFFECTS_OF_DOCUMENTS : "");
    String more = (expires ? ", ?::text[]" : "") + (ofDocuments ? ", ?::text[], ?::text[]" : "");
    return new OrderSql(
        expires,
        ofDocuments,
        "SELECT %s FROM %s WHERE order_id = ANY (?::%s)"
            .formatted(expires ? STORED + DEADLINE : STORED, table.quoted(), ids.arrayType()),
        "COPY %s (%s, revision%s) FROM STDIN (FORMAT binary)"
            .formatted(
                table.quoted(),
                COLUMNS,
                (expires ? DEADLINE : "") + (ofDocuments ? EFFECTS_OF_DOCUMENTS : "")),
        """
        INSERT INTO %s (%s)
        SELECT order_id, version, state, reason, skus::text[], locations::text[], reserved::bigint[],
               on_hand_delta::bigint[], backordered::bigint[]%s
          FROM unnest(?::%s, ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                      ?::text[], ?::text[]%s)
               AS u (%s)
        ON CONFLICT (order_id) DO NOTHING"""
            .formatted(
                table.quoted(),
                columns,
                (expires ? DEADLINE + "::timestamptz" : "")
                    + (ofDocuments ? ", unavailable::bigint[], incoming::bigint[]" : ""),
                ids.arrayType(),
                more,
                columns),
        """
        UPDATE %s o
           SET version = u.version, state = u.state, reason = u.reason, skus = u.skus::text[],
               locations = u.locations::text[], reserved = u.reserved::bigint[],
               on_hand_delta = u.on_hand_delta::bigint[], backordered = u.backordered::bigint[],
               updated_at = now(), revision = o.revision + 1, expires_at = %s%s
          FROM unnest(?::%s, ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                      ?::text[], ?::text[]%s, ?::bigint[]) AS u (%s, read_revision)
         WHERE o.order_id = u.order_id AND o.revision = u.read_revision"""
            .formatted(
                table.quoted(),
                expires ? "u.expires_at::timestamptz" : "NULL",
                ofDocuments
                    ? ", unavailable = u.unavailable::bigint[], incoming = u.incoming::bigint[]"
                    : "",
                ids.arrayType(),
                more,
                columns));
  }

  /** The number of columns that COPY writes. */
  int columnCount() {
    return COLUMN_COUNT + (expires ? 1 : 0) + (ofDocuments ? 2 : 0);
  }

  /**
   * Binds an array for each column except the order ID.
   *
   * @return the index of the next parameter
   */
  int bind(PreparedStatement statement, int first, List<Outcome> outcomes) throws SQLException {
    statement.setObject(first, outcomes.stream().mapToLong(Outcome::version).toArray());
    statement.setObject(first + 1, Columns.texts(outcomes, o -> o.state().name()));
    statement.setObject(first + 2, Columns.texts(outcomes, OrderSql::reason));
    statement.setObject(first + 3, Columns.texts(outcomes, o -> skus(o.effects())));
    statement.setObject(first + 4, Columns.texts(outcomes, o -> locations(o.effects())));
    statement.setObject(
        first + 5, Columns.texts(outcomes, o -> numbers(o.effects(), Effect::reserved)));
    statement.setObject(
        first + 6, Columns.texts(outcomes, o -> numbers(o.effects(), Effect::onHand)));
    statement.setObject(first + 7, Columns.texts(outcomes, OrderSql::backorders));
    int next = first + 8;
    if (expires) {
      statement.setObject(next++, Columns.texts(outcomes, OrderSql::deadline));
    }
    if (ofDocuments) {
      statement.setObject(
          next++,
          Columns.texts(outcomes, o -> textOrNullIfAllZero(o.effects(), Effect::unavailable)));
      statement.setObject(
          next++, Columns.texts(outcomes, o -> textOrNullIfAllZero(o.effects(), Effect::incoming)));
    }
    return next;
  }

  private static @Nullable String deadline(Outcome outcome) {
    return outcome.expiresAt() == null ? null : outcome.expiresAt().toString();
  }

  /** The backordered quantity of each item of the outcome; null if nothing is backordered. */
  static long @Nullable [] backordered(Outcome outcome) {
    return outcome.backordered().isEmpty()
        ? null
        : outcome.effects().keySet().stream()
            .mapToLong(item -> outcome.backordered().getOrDefault(item, 0L))
            .toArray();
  }

  private static @Nullable String backorders(Outcome outcome) {
    long[] backordered = backordered(outcome);
    return backordered == null ? null : Columns.array(Arrays.stream(backordered));
  }

  /** The reason of the state, or the one that a stock document gives. */
  static @Nullable String reason(Outcome outcome) {
    return outcome.reason() == null ? outcome.note() : outcome.reason().name();
  }

  /** The SKUs of items, one for each. */
  static List<String> skus(Collection<StockItem> items) {
    return items.stream().map(StockItem::sku).toList();
  }

  /** The locations of items, one for each; null if none of them has one. */
  static @Nullable List<String> locations(Collection<StockItem> items) {
    // Not with streams, since most orders have no locations, and all of them come this way.
    for (StockItem item : items) {
      if (item.hasLocation()) {
        return items.stream().map(StockItem::location).toList();
      }
    }
    return null;
  }

  /** The SKUs as the text of an array. */
  static String skus(SortedMap<StockItem, Effect> effects) {
    return Columns.array(skus(effects.keySet()));
  }

  /** The locations as the text of an array; null if there are none. */
  static @Nullable String locations(SortedMap<StockItem, Effect> effects) {
    List<String> locations = locations(effects.keySet());
    return locations == null ? null : Columns.array(locations);
  }

  /** One number of each effect that most orders do not have; null if none has it. */
  static long @Nullable [] nullIfAllZero(
      SortedMap<StockItem, Effect> effects, ToLongFunction<Effect> number) {
    return effects.values().stream().mapToLong(number).allMatch(value -> value == 0)
        ? null
        : effects.values().stream().mapToLong(number).toArray();
  }

  /** The same as the text of an array. */
  static @Nullable String textOrNullIfAllZero(
      SortedMap<StockItem, Effect> effects, ToLongFunction<Effect> number) {
    long[] numbers = nullIfAllZero(effects, number);
    return numbers == null ? null : Columns.array(Arrays.stream(numbers));
  }

  /** One number of each effect, in the order of the items, as the text of an array. */
  static String numbers(SortedMap<StockItem, Effect> effects, ToLongFunction<Effect> number) {
    return Columns.array(effects.values().stream().mapToLong(number));
  }
}
