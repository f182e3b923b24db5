package io.orderflow.common.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.orderflow.common.config.Finding;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each parameter is honored or refused; DriverParametersOfTasksTest shows that the rest works. */
class DriverParametersTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "user=secret",
        "password=secret",
        "readOnly=secret",
        "readOnlyMode=secret",
        "replication=secret",
        "maxResultBuffer=secret",
        "PGHOST=secret",
        "dbname=secret",
        "service=secret",
        "currentSchema=secret,",
        "targetServerType=secondary",
        "targetServerType=preferSecondary",
        "sslmdoe=secret",
        "options=secret",
        "options=-c%20statement_timeout%3Dsecret",
        "options=-c+DateStyle%3Dsecret",
        "options=-c+jit%3Doff&options=-cSTATEMENT_TIMEOUT%3Dsecret",
        "options=--row-security%3Dsecret",
        "options=-c%20default_transaction_isolation%3Dserializable",
      })
  void isRefusedInTheUrlAndAsASetting(String parameter) {
    // Given
    String name = parameter.substring(0, parameter.indexOf('='));
    DriverParameters inUrl =
        DriverParameters.of("jdbc:postgresql://db/shop?" + parameter, Map.of());
    DriverParameters asSetting =
        DriverParameters.of("jdbc:postgresql://db/shop", Map.of(name, inUrl.ofUrl().get(name)));

    // When
    List<Finding> ofUrl = inUrl.findings();
    List<Finding> ofSetting = asSetting.findings();

    // Then
    assertEquals(List.of("database.url"), ofUrl.stream().map(Finding::key).toList());
    assertEquals(List.of("database.driver." + name), ofSetting.stream().map(Finding::key).toList());
    assertFalse(ofUrl.toString().contains("secret"));
  }

  @Test
  void namesOfTheUrlAreRefusedBesideAClassOfTheUsersOwn() {
    assertEquals(
        1,
        DriverParameters.of("jdbc:postgresql://db/shop?host=b&sslfactory=C", Map.of())
            .findings()
            .size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sslmode=verify-full&sslrootcert=ca.pem",
        "options=-c%20work_mem%3D64MB&currentSchema=shop",
        "targetServerType=primary&loadBalanceHosts=true&tcpKeepAlive=false&socketTimeout=0",
        "socketFactory=com.example.Factory&cloudSqlInstance=a:b:c",
      })
  void isAccepted(String parameters) {
    assertEquals(
        List.of(),
        DriverParameters.of("jdbc:postgresql://a,b/shop?" + parameters, Map.of()).findings());
  }

  @Test
  void parametersAreRemovedFromAUrl() {
    assertEquals(
        "jdbc:postgresql://db/shop?b=2",
        DriverParameters.without(List.of("a", "c"), "jdbc:postgresql://db/shop?a=1&b=2&c"));
    assertEquals(
        "jdbc:postgresql://db/shop",
        DriverParameters.without(List.of("a"), "jdbc:postgresql://db/shop?a=1"));
  }

  @Test
  void optionsThatAreGivenTwiceAreAllKept() {
    assertEquals(
        Map.of("work_mem", "2MB", "jit", "on", "application_name", "a b"),
        DriverParameters.of(
                "jdbc:postgresql://db/shop?options=-c%20work_mem%3D1MB+-c+jit%3Don"
                    + "&options=--work-mem%3D2MB%20-c%20application_name%3Da%5C%20b",
                Map.of())
            .options()
            .values());
  }

  @Test
  void optionsOfTheUrlWinOverThoseOfASetting() {
    assertEquals(
        Map.of("work_mem", "2MB", "jit", "on"),
        DriverParameters.of(
                "jdbc:postgresql://db/shop?options=-c%20work_mem%3D2MB",
                Map.of("options", "-c work_mem=1MB -c jit=on"))
            .options()
            .values());
  }
}
