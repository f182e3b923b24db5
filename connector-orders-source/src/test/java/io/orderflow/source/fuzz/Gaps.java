package io.orderflow.source.fuzz;

/** What is not generated yet, since a capture does not support it. */
final class Gaps {

  /** Generated columns beside a replica identity that contains them. */
  static final boolean GENERATED_COLUMNS = true;

  /** Partitioned items. */
  static final boolean PARTITIONED_ITEMS = true;

  /** Database settings that the texts of some types depend on. */
  static final boolean TEXT_SETTINGS = true;

  /** Names that the shipped SQL uses itself. */
  static final boolean NAMES_OF_SHIPPED_SQL = true;

  private Gaps() {}
}
