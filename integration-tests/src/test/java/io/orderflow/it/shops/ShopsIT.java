package io.orderflow.it.shops;

import io.orderflow.it.fixture.Capture;
import io.orderflow.it.fixture.OnRealWorkers;
import io.orderflow.it.fixture.Stage;
import io.orderflow.stack.ShopRecipe;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each recipe works with its own settings: an order is placed, paid in two parts, changed, partly
 * shipped, partly returned and refunded; others are cancelled and deleted. After each step, stock
 * and payments are what separate SQL computes from the shop's tables.
 */
@OnRealWorkers
class ShopsIT {

  /** The default run has one shop; all of them take some minutes. */
  private static final String ALL = "orderflow.shops.all";

  private static final String ONE = "saleor";
  private static final ShopsPage PAGE = new ShopsPage();

  @ParameterizedTest
  @EnumSource
  void ordersOfOneShopReachTheWarehouse(Capture capture, Stage stage) throws SQLException {
    check(ONE, capture, stage);
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("others")
  @EnabledIfSystemProperty(
      named = ALL,
      matches = "true",
      disabledReason =
          "all shops: mvn -B verify -pl integration-tests -am -Dit.test=ShopsIT"
              + " -Dorderflow.shops.all=true -Dtest=NoSuch -Dsurefire.failIfNoSpecifiedTests=false")
  void ordersOfEveryShopReachTheWarehouse(String shop, Capture capture, Stage stage)
      throws SQLException {
    check(shop, capture, stage);
  }

  static Stream<Arguments> others() {
    return ShopRecipe.names().stream()
        .filter(shop -> !shop.equals(ONE))
        .flatMap(shop -> Stream.of(Capture.values()).map(capture -> Arguments.of(shop, capture)));
  }

  private static void check(String shop, Capture capture, Stage stage) throws SQLException {
    ShopRecipe recipe = ShopRecipe.of(shop);
    Map<String, Boolean> passed = PAGE.row(recipe, capture);
    ShopRun.run(stage, recipe, capture, passed);
  }

  @AfterAll
  static void resultsAreInThePage() throws IOException {
    PAGE.writeOrCompare();
  }
}
