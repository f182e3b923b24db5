package io.orderflow.source.schema;

import io.orderflow.common.contract.OrderEvents;
import io.orderflow.common.database.TableName;
import java.util.Optional;

/**
 * The names of an event's schemas and fields: those of the tables and columns, renamed and adjusted
 * as configured.
 */
public record EventNames(CapturedTables tables) {

  /** The name of the schema of a table's rows. */
  public String schema(TableName table) {
    NameAdjustment adjustment = tables.columns().names().schemas();
    return adjustment.adjust(table.schema()) + "." + adjustment.adjust(table.table());
  }

  /**
   * The field of an order with a column's values; empty if the column is no field.
   *
   * @param schema that has the column
   */
  public Optional<String> ofOrder(OrderSchema schema, String column) {
    ColumnRules rules = tables.columns();
    return column.equals(schema.changeXid()) || column.equals(rules.traceparent())
        ? Optional.empty()
        : Optional.of(adjusted(rules.orders(), column));
  }

  /** Whether an order's column is the event's own field {@link OrderEvents#VERSION}. */
  public boolean isVersion(OrderSchema schema, String column) {
    return column.equals(schema.version())
        && ofOrder(schema, column).filter(OrderEvents.VERSION::equals).isPresent();
  }

  /** The field of an item with a column's values. */
  public String ofItem(String column) {
    return adjusted(tables.columns().items(), column);
  }

  private String adjusted(ColumnRules.TableRules rules, String column) {
    return tables.columns().names().fields().adjust(rules.renamed().getOrDefault(column, column));
  }
}
