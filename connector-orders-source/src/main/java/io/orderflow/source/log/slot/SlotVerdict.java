package io.orderflow.source.log.slot;

/** What is to be done with a slot before the capture begins. */
public sealed interface SlotVerdict {

  /** It tells all that has not been told: read on. */
  record Fits() implements SlotVerdict {}

  /** There is none, and nothing has ever been told: make it. */
  record Missing() implements SlotVerdict {}

  /** There is one that nothing was ever told from: drop it and make it anew. */
  record Unused() implements SlotVerdict {}

  /** Another process reads it for now: try again. */
  record Busy(String message) implements SlotVerdict {}

  /**
   * Going on would pass changes over; a person has to decide.
   *
   * @param key the configuration key at fault
   * @param message what was expected, what was found and what to do
   */
  record Lost(String key, String message) implements SlotVerdict {}
}
