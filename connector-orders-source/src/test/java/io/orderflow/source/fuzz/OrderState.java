package io.orderflow.source.fuzz;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An order with its items, as one commit left it. Values are canonical texts by the number of their
 * column in the catalog, which a new name does not change.
 *
 * @param items in any order
 */
record OrderState(
    Map<Integer, @Nullable String> values, List<Map<Integer, @Nullable String>> items) {}
