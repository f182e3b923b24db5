package io.orderflow.sink.faults;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parameters of the driver that the user sets: the sink works with each that is not refused. */
@Timeout(60)
class DriverParametersOfTasksTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stringtype=unspecified",
        "prepareThreshold=0",
        "prepareThreshold=-1",
        "prepareThreshold=1",
        "preferQueryMode=simple",
        "preferQueryMode=extendedForPrepared",
        "preferQueryMode=extendedCacheEverything",
        "reWriteBatchedInserts=true",
        "currentSchema=no_such",
        "binaryTransfer=false",
        "binaryTransferDisable=INT8,INT8_ARRAY",
        "autosave=always",
        "autosave=conservative",
        "socketTimeout=5&tcpKeepAlive=false",
        "targetServerType=primary",
        "defaultRowFetchSize=1",
        "cleanupSavepoints=true&autosave=always",
        "disableColumnSanitiser=true",
        "ApplicationName=warehouse",
        "assumeMinServerVersion=9.0",
        "logServerErrorDetail=false",
        "options=-c%20lock_timeout%3D3s",
      })
  void sinkWorksWith(String parameters) throws Exception {
    // Given
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT)) {
      Traffic traffic = new Traffic(database);
      Map<String, String> settings = new HashMap<>(RunningSink.settings(database));
      settings.put("database.url", database.url() + '?' + parameters);
      try (RunningSink sink = RunningSink.with(settings, new FakeSinkContext(true))) {
        // When
        for (int i = 0; i < 3; i++) {
          sink.put(traffic.next());
        }

        // Then
        traffic.assertAppliedOnce(sink);
      }
    }
  }
}
