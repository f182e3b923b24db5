package io.orderflow.source;

import io.orderflow.source.GoldenData.Step;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.offset.Lsn;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs statements in a database, and records them with the LSNs of their commits. */
final class ShopHistory {

  private static final String OBSERVER = "(current_database() || '_observer')";

  /** A commit message of pgoutput has its letter, flags, and two LSNs. */
  private static final byte COMMIT = 'C';

  private static final int COMMIT_LSN = 2;
  private static final int END_LSN = 10;

  private final Shop shop;
  private final List<Step> steps = new ArrayList<>();

  private record Positions(String commit, String end) {}

  ShopHistory(Shop shop) {
    this.shop = shop;
  }

  /** Begins to record commits; to be called once the tables exist. */
  void observe() {
    shop.run("CREATE PUBLICATION observer FOR TABLE orders, order_items");
    shop.value("SELECT pg_create_logical_replication_slot(" + OBSERVER + ", 'pgoutput')");
  }

  /** Runs and records a transaction that changes orders. */
  void transaction(String sql) {
    try (Connection connection = shop.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(sql);
      try (ResultSet row = statement.executeQuery("SELECT pg_current_xact_id()")) {
        row.next();
        steps.add(new Step(sql, null, row.getString(1), null, null));
      }
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage() + " in " + sql, e);
    }
  }

  /** Runs and records a statement whose LSN is not relevant. */
  void statement(String sql) {
    shop.run(sql);
    steps.add(new Step(sql, null, null, null, null));
  }

  /** Records that a slot is created. */
  void slot(String name) {
    steps.add(new Step(null, name, null, null, null));
  }

  /** All recorded steps, in their order. */
  List<Step> steps() {
    Map<String, Positions> positions = positions();
    return steps.stream()
        .map(
            step -> {
              Positions found = positions.get(String.valueOf(step.xid()));
              return found == null
                  ? step
                  : new Step(step.sql(), null, step.xid(), found.commit(), found.end());
            })
        .toList();
  }

  private Map<String, Positions> positions() {
    Map<String, Positions> positions = new HashMap<>();
    try (Connection connection = shop.connect();
        Statement statement = connection.createStatement();
        ResultSet messages =
            statement.executeQuery(
                "SELECT xid::text, data FROM pg_logical_slot_peek_binary_changes("
                    + OBSERVER
                    + ", NULL, NULL, 'proto_version', '1', 'publication_names', 'observer')")) {
      while (messages.next()) {
        ByteBuffer message = ByteBuffer.wrap(messages.getBytes(2));
        if (message.get(0) == COMMIT) {
          positions.put(
              messages.getString(1),
              new Positions(
                  new Lsn(message.getLong(COMMIT_LSN)).toString(),
                  new Lsn(message.getLong(END_LSN)).toString()));
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return positions;
  }
}
