package io.orderflow.sink.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Records that the sink can read and the database rejects. */
@Timeout(60)
class BatchApplierTest {

  private static final int BATCH = 1_024;

  private WarehouseDatabase database;

  @BeforeEach
  void open() throws SQLException {
    database = WarehouseDatabase.installed(OrderIdType.BIGINT);
    database.execute(
        """
        ALTER TABLE payments ADD CONSTRAINT known CHECK (status <> 'MAGIC');
        CREATE SEQUENCE transactions;
        CREATE FUNCTION count_transaction() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM nextval('transactions'); RETURN NULL; END $$;
        CREATE TRIGGER count_transaction BEFORE INSERT ON payments
           FOR EACH STATEMENT EXECUTE FUNCTION count_transaction();
        CREATE TABLE applied (n serial, order_id bigint);
        CREATE FUNCTION applied() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN INSERT INTO applied (order_id) VALUES (NEW.order_id); RETURN NULL; END $$;
        CREATE TRIGGER applied AFTER INSERT ON payments FOR EACH ROW EXECUTE FUNCTION applied()""");
  }

  @AfterEach
  void close() throws SQLException {
    database.close();
  }

  @Test
  void oneBadRecordIsFoundInAboutTwiceTheLogarithmOfTransactions() throws SQLException {
    // 1 for all, then for each of 10 halvings the two halves
    assertFound(1 + 2 * 10, 700);
  }

  @Test
  void firstAndLastAreFoundAsWell() throws SQLException {
    assertFound(1 + 2 * (10 + 9), 0, BATCH - 1);
  }

  @Test
  void threeBadRecordsAreFoundInThreeTimesAsMany() throws SQLException {
    assertFound(1 + 3 * 2 * 10, 5, 333, 900);
  }

  @Test
  void transientFailureOfAHalfRepeatsThatHalfAlone() throws SQLException {
    // Given: the server's disk is full once, when the second half of the batch is applied
    database.execute(
        """
        CREATE SEQUENCE failures;
        CREATE FUNCTION fail_once() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN
          IF nextval('failures') = 1 THEN RAISE EXCEPTION USING ERRCODE = '53100'; END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER fail_once BEFORE INSERT ON payments
           FOR EACH ROW WHEN (NEW.order_id = 900) EXECUTE FUNCTION fail_once()""");

    // Then: one transaction more than without the failure
    assertFound(1 + 2 * 10 + 1, 0);
    assertEquals(List.of("2"), database.rows("SELECT last_value FROM failures"));
  }

  private void assertFound(int transactions, Integer... bad) throws SQLException {
    // Given
    List<SinkRecord> batch = new ArrayList<>();
    List<String> good = new ArrayList<>();
    for (int id = 0; id < BATCH; id++) {
      boolean isBad = Arrays.asList(bad).contains(id);
      batch.add(Events.payment((long) id, 1, isBad ? "MAGIC" : "PAID"));
      if (!isBad) {
        good.add(Integer.toString(id));
      }
    }
    Map<String, String> settings = RunningSink.settings(database);
    settings.put("batch.max.records", Integer.toString(BATCH));
    settings.put("batch.linger.ms", "10000");
    settings.put("retry.backoff.ms", "5");

    try (RunningSink sink = RunningSink.with(settings, new FakeSinkContext(true))) {
      // When
      sink.put(batch);

      // Then
      assertEquals(
          Arrays.stream(bad).map(batch::get).toList(),
          sink.reported().stream().map(FakeSinkContext.Reported::record).toList());
      assertEquals(good, database.rows("SELECT order_id FROM applied ORDER BY n"));
      long count = Long.parseLong(database.rows("SELECT last_value FROM transactions").get(0));
      assertTrue(count <= transactions, count + " transactions for " + bad.length);
      assertTrue(count > 10, count + " transactions");
    }
  }
}
