package io.orderflow.source.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Random choices, the same for the same seed on every platform. */
final class Draw {

  private final SplittableRandom random;

  Draw(long seed) {
    random = new SplittableRandom(seed);
  }

  private Draw(SplittableRandom random) {
    this.random = random;
  }

  /** Choices of their own, so that more choices here change none there. */
  Draw split() {
    return new Draw(random.split());
  }

  boolean oneIn(int number) {
    return random.nextInt(number) == 0;
  }

  boolean flip() {
    return random.nextBoolean();
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  /** A number from a range; both ends are included. */
  int between(int first, int last) {
    return random.nextInt(first, last + 1);
  }

  <T> T of(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  final <T> T of(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** Up to a maximum number of different elements, in the order of the list. */
  <T> List<T> some(List<T> choices, int max) {
    List<T> chosen = new ArrayList<>(choices);
    int size = Math.min(choices.size(), random.nextInt(max + 1));
    while (chosen.size() > size) {
      chosen.remove(random.nextInt(chosen.size()));
    }
    return chosen;
  }
}
