package io.orderflow.sink;

import io.orderflow.common.config.Setting;
import io.orderflow.common.config.SettingsGroup;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.sink.config.ConfigKeys;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef.Type;

/** A pooler between the sink and the database: the setting {@code database.pooler}. */
final class PoolerSettings {

  static final SettingsGroup GROUP =
      SettingsGroup.of(
          "Pooler",
          Setting.of(ConfigKeys.POOLER, Type.BOOLEAN)
              .defaultsTo(false)
              .documented(
                  "Whether database.url leads to a pooler that shares sessions between transactions:"
                      + " PgBouncer with pool_mode=transaction, RDS Proxy or Supavisor. The sink then"
                      + " sends no options when it connects, sets them in each transaction instead,"
                      + " and prepares no statements by name."));

  private PoolerSettings() {}

  /** The settings of the database, and of the pooler in front of it. */
  static DatabaseSettings database(AbstractConfig config) {
    return DatabaseSettings.of(config).throughPooler(config.getBoolean(ConfigKeys.POOLER));
  }
}
