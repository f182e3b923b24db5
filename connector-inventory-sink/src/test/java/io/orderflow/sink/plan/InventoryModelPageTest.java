package io.orderflow.sink.plan;

import io.orderflow.sink.fixture.RepositoryFile;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class InventoryModelPageTest {

  @Test
  void pageShowsWhatThePlannerDoes() throws IOException {
    RepositoryFile.assertUpToDate("docs/inventory-model.md", InventoryModelPage.markdown());
  }
}
