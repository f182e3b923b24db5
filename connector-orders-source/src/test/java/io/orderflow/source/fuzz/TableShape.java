package io.orderflow.source.fuzz;

import java.util.Map;

/** The columns of a table at one moment: names by their numbers in the catalog. */
record TableShape(Map<Integer, String> names) {}
