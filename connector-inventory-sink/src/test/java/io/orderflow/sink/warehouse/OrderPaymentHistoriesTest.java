package io.orderflow.sink.warehouse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;

/**
 * Random histories of payments, applied by two tasks at once in any order, compared with SQL over
 * the latest version of each payment.
 */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(120)
class OrderPaymentHistoriesTest {

  private static final int HISTORIES = 40;
  private static final int ORDERS = 6;
  private static final int PAYMENTS = 30;

  private static final String[] STATUSES = {"PAID", "PAID", "REFUNDED", "REVERSED", "FAILED"};
  private static final @Nullable String[] CURRENCIES = {"EUR", "EUR", "EUR", "USD", null};

  /** Rows of the view without the digits that adding and taking back leave. */
  private static final String BALANCE =
      """
      SELECT order_id, currency, trim_scale(due), trim_scale(paid), trim_scale(refunded), trim_scale(open)
        FROM payments_balance ORDER BY 1, 2
      """;

  private static final String EXPECTED =
      """
      WITH payment AS (
        SELECT DISTINCT ON (id) * FROM history WHERE kind <> 'due' ORDER BY id, version DESC),
      due AS (
        SELECT DISTINCT ON (order_id) * FROM history WHERE kind = 'due' ORDER BY order_id, version DESC),
      part AS (
        SELECT p.order_id, coalesce(p.currency, d.currency) AS currency,
               CASE WHEN kind = 'REVERSED' THEN abs(p.amount) WHEN kind = 'PAID' AND p.amount > 0 THEN p.amount
                    ELSE 0 END AS paid,
               CASE WHEN kind IN ('REFUNDED', 'REVERSED') OR (kind = 'PAID' AND p.amount < 0) THEN abs(p.amount)
                    ELSE 0 END AS refunded
          FROM payment p LEFT JOIN (SELECT order_id, currency FROM due) d USING (order_id)
         WHERE p.order_id IS NOT NULL AND kind IN ('PAID', 'REFUNDED', 'REVERSED') AND p.amount <> 0),
      sums AS (
        SELECT order_id, currency, sum(paid) AS paid, sum(refunded) AS refunded FROM part GROUP BY 1, 2)
      SELECT o.order_id, o.currency,
             trim_scale(CASE WHEN d.order_id IS NULL THEN NULL
                             WHEN d.currency IS NOT DISTINCT FROM o.currency THEN d.amount ELSE 0 END) AS due,
             trim_scale(coalesce(s.paid, 0)), trim_scale(coalesce(s.refunded, 0)),
             trim_scale(CASE WHEN d.order_id IS NULL THEN NULL
                             WHEN d.currency IS NOT DISTINCT FROM o.currency THEN d.amount ELSE 0 END
                        - coalesce(s.paid, 0) + coalesce(s.refunded, 0))
        FROM (SELECT order_id, currency FROM sums UNION SELECT order_id, currency FROM due) o
        LEFT JOIN due d ON d.order_id = o.order_id
        LEFT JOIN sums s ON s.order_id = o.order_id AND s.currency IS NOT DISTINCT FROM o.currency
       ORDER BY 1, 2
      """;

  private WarehouseDatabase database;

  @BeforeAll
  void open() throws SQLException {
    database = WarehouseDatabase.withPaymentIds(OrderIdType.BIGINT);
    database.execute(
        "CREATE TABLE history (kind text, id text, version bigint, order_id bigint,"
            + " amount numeric, currency text)");
  }

  @AfterAll
  void close() throws SQLException {
    database.close();
  }

  @Test
  void sumsAreThoseOfTheLatestVersions() throws Exception {
    List<RunningSink> tasks = List.of(task(0), task(1));
    try {
      for (int seed = 1; seed <= HISTORIES; seed++) {
        // Given
        Random random = new Random(seed);
        database.execute(
            "TRUNCATE history, payments, order_payments, payment_totals, order_inventory");
        List<SinkRecord> history = history(random);

        // When: every other time both tasks have payments of their own, else they share them
        boolean apart = seed % 2 == 0;
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (int task = 0; task < 2; task++) {
          RunningSink sink = tasks.get(task);
          int own = task;
          List<SinkRecord> records =
              new ArrayList<>(
                  history.stream()
                      .filter(r -> !apart || Math.floorMod(r.key().hashCode(), 2) == own)
                      .toList());
          Collections.shuffle(records, new Random(random.nextLong()));
          records.addAll(records.subList(0, records.size() / 3));
          List<List<SinkRecord>> batches = batches(records, new Random(random.nextLong()));
          running.add(CompletableFuture.runAsync(() -> batches.forEach(sink::put)));
        }
        running.forEach(CompletableFuture::join);

        // Then
        String what = "history " + seed;
        assertEquals(database.rows(EXPECTED), database.rows(BALANCE), what);
        assertEquals(List.of(), database.rows("SELECT * FROM payment_totals_drift"), what);
        if (seed == 2) {
          assertEquals(List.of("f"), database.rows("SELECT count(*) < 6 FROM payment_totals"));
        }
      }
      for (RunningSink task : tasks) {
        assertEquals(List.of(), task.reported());
      }
    } finally {
      tasks.forEach(RunningSink::close);
    }
  }

  @Test
  void tasksWithPaymentsOfTheSameOrdersNeverDeadlock() throws Exception {
    // Given: each task has its own payments of all orders, in opposite directions
    List<RunningSink> tasks = List.of(task(0), task(1));
    try {
      database.execute("TRUNCATE payments, order_payments, payment_totals");
      List<CompletableFuture<Void>> running = new ArrayList<>();
      for (int task = 0; task < 2; task++) {
        RunningSink sink = tasks.get(task);
        int own = task;
        running.add(
            CompletableFuture.runAsync(
                () -> {
                  for (int version = 1; version <= 20; version++) {
                    List<SinkRecord> batch = new ArrayList<>();
                    for (long order = 0; order < 200; order++) {
                      batch.add(
                          Events.payment(
                              own + "-" + order, version, order, "PAID", "" + version, "EUR"));
                    }
                    if (own == 1) {
                      Collections.reverse(batch);
                    }
                    sink.put(batch);
                  }
                }));
      }
      running.forEach(CompletableFuture::join);
    } finally {
      tasks.forEach(RunningSink::close);
    }

    // Then
    assertEquals(
        List.of("200|40|40"),
        database.rows("SELECT count(*), min(paid), max(paid) FROM payment_totals"));
    assertEquals(
        List.of("0"),
        database.rows("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"));
  }

  private RunningSink task(int number) {
    Map<String, String> settings = OrderPaymentsTest.settings(database);
    settings.put("orderflow.task", String.valueOf(number));
    settings.put("apply.concurrency", "2");
    return RunningSink.with(settings, new FakeSinkContext(true));
  }

  /** All versions of all payments and amounts due, which are kept in a table as well. */
  private List<SinkRecord> history(Random random) throws SQLException {
    List<SinkRecord> records = new ArrayList<>();
    for (long order = 0; order < ORDERS; order++) {
      for (int version = 1; version <= random.nextInt(4); version++) {
        String amount = amount(random);
        String currency = random.nextInt(4) == 0 ? null : "EUR";
        records.add(Events.due(order, version, amount, currency));
        keep("due", null, version, order, amount, currency);
      }
    }
    for (int payment = 0; payment < PAYMENTS; payment++) {
      String id = "p" + payment;
      int versions = 1 + random.nextInt(5);
      for (int version = 1; version <= versions; version++) {
        if (random.nextInt(8) == 0) {
          Long ofDeletion = random.nextInt(3) == 0 ? null : (Long) (long) version;
          records.add(Events.deletedPayment(id, ofDeletion));
          keep("DELETED", id, ofDeletion == null ? Long.MAX_VALUE : ofDeletion, null, null, null);
        } else {
          Long order = random.nextInt(12) == 0 ? null : (Long) (long) random.nextInt(ORDERS);
          String status = STATUSES[random.nextInt(STATUSES.length)];
          String amount = amount(random);
          String currency = CURRENCIES[random.nextInt(CURRENCIES.length)];
          records.add(Events.payment(id, version, order, status, amount, currency));
          keep(status, id, version, order, amount, currency);
        }
      }
    }
    return records;
  }

  private static String amount(Random random) {
    int cents = random.nextInt(20_000) - 2_000;
    return cents % 10 == 0 ? Integer.toString(cents / 10) : cents / 100.0 + "";
  }

  private void keep(
      String kind,
      @Nullable String id,
      long version,
      @Nullable Long order,
      @Nullable String amount,
      @Nullable String currency)
      throws SQLException {
    database.execute(
        "INSERT INTO history VALUES ('%s', %s, %d, %s, %s, %s)"
            .formatted(
                kind,
                id == null ? "NULL" : "'" + id + "'",
                version,
                order,
                amount,
                currency == null ? "NULL" : "'" + currency + "'"));
  }

  private static List<List<SinkRecord>> batches(List<SinkRecord> records, Random random) {
    List<List<SinkRecord>> batches = new ArrayList<>();
    for (int from = 0; from < records.size(); ) {
      int to = Math.min(records.size(), from + 1 + random.nextInt(30));
      batches.add(records.subList(from, to));
      from = to;
    }
    return batches;
  }
}
