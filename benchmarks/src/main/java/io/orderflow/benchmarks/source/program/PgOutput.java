package io.orderflow.benchmarks.source.program;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the orders that a database transaction inserts (PostgreSQL manual, Logical Replication
 * Message Formats, version 1). It looks at inserts alone.
 */
final class PgOutput {

  private final Set<Integer> itemTables = new HashSet<>();
  private final Map<String, Placed> orders = new LinkedHashMap<>();

  /** An order's rows, the values of their columns as text. */
  static final class Placed {
    final byte[][] order;
    final List<byte[][]> items = new ArrayList<>(4);

    private Placed(byte[][] order) {
      this.order = order;
    }
  }

  /** The orders of the transaction that this message commits; none for any other message. */
  List<Placed> take(ByteBuffer message) {
    switch (message.get()) {
      case 'R' -> relation(message);
      case 'I' -> insert(message);
      case 'C' -> {
        List<Placed> committed = List.copyOf(orders.values());
        orders.clear();
        return committed;
      }
      default -> {}
    }
    return List.of();
  }

  /** Whether the transaction that is being read has orders. */
  boolean isWithin() {
    return !orders.isEmpty();
  }

  private void relation(ByteBuffer message) {
    int table = message.getInt();
    text(message);
    if (text(message).equals("order_items")) {
      itemTables.add(table);
    }
  }

  private void insert(ByteBuffer message) {
    int table = message.getInt();
    message.get();
    byte[][] row = row(message);
    String id = new String(row[0], StandardCharsets.UTF_8);
    if (!itemTables.contains(table)) {
      orders.put(id, new Placed(row));
      return;
    }
    @Nullable Placed owner = orders.get(id);
    if (owner != null) {
      owner.items.add(row);
    }
  }

  private static byte[][] row(ByteBuffer message) {
    byte[][] row = new byte[message.getShort()][];
    for (int column = 0; column < row.length; column++) {
      byte kind = message.get();
      if (kind != 't') {
        throw new IllegalStateException("A column is not text but of kind " + (char) kind);
      }
      row[column] = new byte[message.getInt()];
      message.get(row[column]);
    }
    return row;
  }

  private static String text(ByteBuffer message) {
    StringBuilder text = new StringBuilder();
    for (byte next = message.get(); next != 0; next = message.get()) {
      text.append((char) next);
    }
    return text.toString();
  }
}
