package io.orderflow.source;

import io.orderflow.source.ReleasedSituation.Step;
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

/** What happens on a shop's server, with the places of its commits in the log. */
final class ShopHistory {

  private static final String OBSERVER = "(current_database() || '_observer')";

  /** In a message of a commit: its kind, flags, and two places in the log. */
  private static final byte COMMIT = 'C';

  private static final int COMMIT_LSN = 2;
  private static final int END_LSN = 10;

  private final Shop shop;
  private final List<Step> steps = new ArrayList<>();

  private record Places(String commit, String end) {}

  ShopHistory(Shop shop) {
    this.shop = shop;
  }

  /** From now on commits are noted; once the tables are there. */
  void observe() {
    shop.run("CREATE PUBLICATION observer FOR TABLE orders, order_items");
    shop.value("SELECT pg_create_logical_replication_slot(" + OBSERVER + ", 'pgoutput')");
  }

  /** A transaction of the shop, which changes orders. */
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

  /** Something whose place in the log does not matter. */
  void statement(String sql) {
    shop.run(sql);
    steps.add(new Step(sql, null, null, null, null));
  }

  /** A slot is made, by whomever. */
  void slot(String name) {
    steps.add(new Step(null, name, null, null, null));
  }

  /** All that happened, in order. */
  List<Step> steps() {
    Map<String, Places> places = places();
    return steps.stream()
        .map(
            step -> {
              Places found = places.get(String.valueOf(step.xid()));
              return found == null
                  ? step
                  : new Step(step.sql(), null, step.xid(), found.commit(), found.end());
            })
        .toList();
  }

  private Map<String, Places> places() {
    Map<String, Places> places = new HashMap<>();
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
          places.put(
              messages.getString(1),
              new Places(
                  Lsn.format(message.getLong(COMMIT_LSN)), Lsn.format(message.getLong(END_LSN))));
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return places;
  }
}
