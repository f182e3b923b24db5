package io.orderflow.source.fuzz;

import io.orderflow.common.database.Identifiers;
import java.util.List;

/**
 * A column of a key beside the order ID's, whose value follows from the order.
 *
 * @param literals SQL expressions of its values, which orders take in turn
 * @param identifies whether it is a part of the order ID, and the items have it as well; otherwise
 *     the orders are partitioned by it
 */
record KeyColumn(String name, String type, List<String> literals, boolean identifies) {

  String quoted() {
    return Identifiers.quote(name);
  }

  String definition() {
    return quoted() + " " + type + " NOT NULL";
  }

  /** The value of an order, by the order's number. */
  String literal(int number) {
    return literals.get(number % literals.size());
  }
}
