package io.orderflow.source.fuzz;

/** What is not generated yet, since a capture does not support it. */
final class Gaps {

  /** Database settings that the texts of some types depend on. */
  static final boolean TEXT_SETTINGS = true;

  /** Partitioned orders without a primary key, whose deletes stop log capture. */
  static final boolean PARTITIONED_ORDERS_WITHOUT_KEY = true;

  /** Transactions in which foreign keys are not enforced. */
  static final boolean REPLICA_ROLE = true;

  /** Order IDs that are equal in SQL, and whose texts differ. */
  static final boolean EQUAL_IDS = true;

  /** Names that the functions of the triggers use themselves. */
  static final boolean NAMES_OF_FUNCTIONS = false;

  private Gaps() {}
}
