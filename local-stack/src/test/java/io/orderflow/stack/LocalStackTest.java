package io.orderflow.stack;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LocalStackTest {
  private LocalStack stack;

  @BeforeAll
  void startStack() {
    stack = LocalStack.builder().databases("shop", "warehouse").start();
  }

  @AfterAll
  void closeStack() {
    stack.close();
  }

  @Test
  void allPartsAnswer() throws Exception {
    assertTrue(stack.connect().rest().connectors().isEmpty());
    try (var connection = stack.postgres().connect("shop")) {
      assertTrue(connection.isValid(1));
    }
  }
}
