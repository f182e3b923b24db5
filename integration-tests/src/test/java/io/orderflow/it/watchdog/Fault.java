package io.orderflow.it.watchdog;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A fault of a database, a role or a dead-letter queue that begins while a task runs.
 *
 * @param words a pattern of what names the cause: in the trace of a task that failed, in the log of
 *     one that waits
 * @param inValidate the same for the findings of {@code validate}; empty if {@code validate} cannot
 *     see the cause, which {@code docs/operations/README.md} says then
 * @param settings of the connector, beside the usual ones
 * @param prepare before the connector starts
 * @param always whether it passes in every build
 */
record Fault(
    Side side,
    String name,
    End end,
    String words,
    String inValidate,
    Map<String, String> settings,
    Step prepare,
    Step begin,
    Step repair,
    boolean always) {

  /** Something that happens to a subject. */
  @FunctionalInterface
  interface Step {
    Step NONE = subject -> {};

    void on(Subject subject) throws Exception;

    /** Runs statements as the administrator; {@code %role%} and {@code %database%} are replaced. */
    static Step sql(String... statements) {
      return subject -> subject.execute(statements);
    }

    default Step then(Step next) {
      return subject -> {
        on(subject);
        next.on(subject);
      };
    }
  }

  /** A fault that hinders no task. */
  static Fault of(Side side, String name) {
    return new Fault(
        side, name, End.PROGRESS, "", "", Map.of(), Step.NONE, Step.NONE, Subject::release, false);
  }

  /** The fault fails the task, whose trace has the words. */
  Fault fails(String pattern) {
    return new Fault(side, name, End.FAILED, pattern, "", settings, prepare, begin, repair, always);
  }

  /** The task waits, and says so in its log and in {@code validate}. */
  Fault waits(String inLog, String inFindings) {
    return new Fault(
        side, name, End.WAITS, inLog, inFindings, settings, prepare, begin, repair, always);
  }

  Fault with(String key, String value) {
    Map<String, String> more = new HashMap<>(settings);
    more.put(key, value);
    return new Fault(side, name, end, words, inValidate, more, prepare, begin, repair, always);
  }

  /** The fault passes in every build, and not only with the slow suite. */
  Fault inEveryBuild() {
    return new Fault(side, name, end, words, inValidate, settings, prepare, begin, repair, true);
  }

  Fault prepared(Step step) {
    return new Fault(side, name, end, words, inValidate, settings, step, begin, repair, always);
  }

  Fault begins(Step step) {
    return new Fault(side, name, end, words, inValidate, settings, prepare, step, repair, always);
  }

  Fault isRepairedBy(Step step) {
    return new Fault(
        side,
        name,
        end,
        words,
        inValidate,
        settings,
        prepare,
        begin,
        step.then(Subject::release),
        always);
  }

  int tasks() {
    return Integer.parseInt(settings.getOrDefault("tasks.max", "1"));
  }

  boolean isNamedIn(String text) {
    return Pattern.compile(words).matcher(text).find();
  }

  boolean isNamedInFindings(List<String> findings) {
    return inValidate.isEmpty()
        || findings.stream().anyMatch(found -> Pattern.compile(inValidate).matcher(found).find());
  }

  @Override
  public String toString() {
    return side + ": " + name;
  }
}
