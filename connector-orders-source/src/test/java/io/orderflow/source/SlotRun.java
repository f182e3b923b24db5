package io.orderflow.source;

import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.source.log.slot.LogStream;
import io.orderflow.source.log.slot.ReplicationConnection;
import io.orderflow.source.log.slot.ReplicationConnection.Created;
import io.orderflow.source.offset.Lsn;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A slot of a shop and what its stream tells, of inserted rows the first column. */
record SlotRun(Shop shop, String slot) {

  private static final AtomicInteger SLOTS = new AtomicInteger();

  /** A name that no other test has; slots are the cluster's. */
  static SlotRun of(Shop shop) {
    return new SlotRun(shop, "slot_" + SLOTS.incrementAndGet());
  }

  ReplicationConnection connect() throws SQLException {
    return ReplicationConnection.open(settings(), "slot-test");
  }

  DatabaseSettings settings() {
    return DatabaseSettings.of(shop.config(Map.of()));
  }

  Created create() throws SQLException {
    try (ReplicationConnection connection = connect()) {
      return connection.createSlot(slot, false);
    }
  }

  LogStream stream(String publication, long from) throws SQLException {
    return connect().stream(slot, publication, from, 1);
  }

  long end() {
    return Lsn.parse(shop.value("SELECT pg_current_wal_insert_lsn()"));
  }

  /** First columns of all rows that were inserted and committed before an LSN. */
  static List<String> inserted(LogStream stream, long until) throws SQLException {
    List<String> values = new ArrayList<>();
    while (stream.received() < until) {
      ByteBuffer message = stream.read();
      if (message != null && message.get() == 'I') {
        // relation, 'N', number of columns, 't', length
        message.position(message.position() + 4 + 1 + 2 + 1);
        byte[] text = new byte[message.getInt()];
        message.get(text);
        values.add(new String(text, StandardCharsets.UTF_8));
      }
    }
    return values;
  }

  void drop() {
    shop.run("SELECT pg_drop_replication_slot('" + slot + "')");
  }
}
