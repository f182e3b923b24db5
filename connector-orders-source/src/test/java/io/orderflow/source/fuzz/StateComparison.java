package io.orderflow.source.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Compares the values of events with states of the shop, under the schema of the event. */
final class StateComparison {

  private static final String ITEMS = "items";
  private static final String VERSION = "version";
  private static final String CHANGE_XID = "change_xid";

  private final ShopLog log;

  StateComparison(ShopLog log) {
    this.log = log;
  }

  /** Whether an event shows the state after a commit, with the columns of that time. */
  boolean shows(CapturedEvent event, int index) {
    OrderState state = log.get(index).state(event.id());
    Struct value = event.value();
    if (value == null || state == null) {
      return value == null && state == null;
    }
    List<Struct> items = value.getArray(ITEMS);
    return shows(value, state.values(), log.get(index).orders(), true)
        && items.size() == state.items().size()
        && showsItems(items, state.items(), log.get(index).items());
  }

  private boolean showsItems(
      List<Struct> items, List<Map<Integer, @Nullable String>> expected, TableShape shape) {
    List<Struct> rest = new ArrayList<>(items);
    for (Map<Integer, @Nullable String> item : expected) {
      boolean found = false;
      for (int i = 0; i < rest.size() && !found; i++) {
        if (shows(rest.get(i), item, shape, false)) {
          rest.remove(i);
          found = true;
        }
      }
      if (!found) {
        return false;
      }
    }
    return true;
  }

  private boolean shows(
      Struct row, Map<Integer, @Nullable String> expected, TableShape shape, boolean ofOrder) {
    Set<String> fields = new java.util.HashSet<>();
    for (Map.Entry<Integer, String> column : shape.names().entrySet()) {
      if (ofOrder && column.getValue().equals(CHANGE_XID)) {
        continue;
      }
      Field field = row.schema().field(column.getValue());
      if (field == null || !expected.containsKey(column.getKey())) {
        return false;
      }
      Schema schema = field.schema();
      if (!EventValues.matches(schema, row.get(field), expected.get(column.getKey()))) {
        return false;
      }
      fields.add(field.name());
    }
    if (ofOrder) {
      fields.add(VERSION);
      fields.add(ITEMS);
    }
    return fields.size() == row.schema().fields().size();
  }
}
