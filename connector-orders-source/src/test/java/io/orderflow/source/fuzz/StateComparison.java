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

  private final FuzzTables tables;
  private final ShopLog log;

  StateComparison(FuzzTables tables, ShopLog log) {
    this.tables = tables;
    this.log = log;
  }

  /** Whether an event shows the state after a commit, with the columns of that time. */
  boolean shows(CapturedEvent event, int index) {
    return shows(event, index, log.get(index).state(event.id()));
  }

  /** The same, without the items of the partition that histories attach and remove. */
  boolean showsWithoutPartition(CapturedEvent event, int index) {
    OrderState state = log.get(index).state(event.id());
    for (Map.Entry<Integer, String> column : log.get(index).items().names().entrySet()) {
      if (state != null && column.getValue().equals(tables.line())) {
        state = state.withoutItems(column.getKey(), Integer.toString(PartitionSteps.LINE));
      }
    }
    return state != null && shows(event, index, state);
  }

  private boolean shows(CapturedEvent event, int index, @Nullable OrderState state) {
    Struct value = event.value();
    if (value == null || state == null) {
      return value == null && state == null;
    }
    List<Struct> items = value.getArray(ITEMS);
    return !state.skipped()
        && shows(value, state.values(), log.get(index).orders(), true)
        && items.size() == state.items().size()
        && showsItems(items, state.items(), log.get(index).items());
  }

  /**
   * Whether the items of an event are sorted.
   *
   * @param byCharacters whether texts are sorted by their characters, not by a collation
   */
  boolean isSorted(CapturedEvent event, boolean byCharacters) {
    String column = tables.itemOrder();
    Struct value = event.value();
    if (column == null || value == null || tables.choices().isHashed(false, column)) {
      return true;
    }
    List<Struct> items = value.getArray(ITEMS);
    for (int i = 1; i < items.size(); i++) {
      Object before = items.get(i - 1).get(column);
      Object after = items.get(i).get(column);
      if (before instanceof Number first && after instanceof Number second) {
        if (first.longValue() > second.longValue()) {
          return false;
        }
      } else if (byCharacters && before.toString().compareTo(after.toString()) > 0) {
        return false;
      }
    }
    return true;
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
      if ((ofOrder && column.getValue().equals(CHANGE_XID))
          || tables.choices().isExcluded(ofOrder, column.getValue())) {
        continue;
      }
      Field field = row.schema().field(column.getValue());
      if (field == null || !expected.containsKey(column.getKey())) {
        return false;
      }
      Schema schema = field.schema();
      String text = expected.get(column.getKey());
      if (text != null && tables.choices().isHashed(ofOrder, column.getValue())) {
        text = ColumnChoices.hash(text);
      }
      if (!EventValues.matches(schema, row.get(field), text)) {
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
