package io.orderflow.quickstart.setup;

import io.orderflow.stack.ConnectRest;
import io.orderflow.stack.KafkaCluster;
import io.orderflow.stack.PostgresServer;
import io.orderflow.stack.ShopRecipe;
import io.orderflow.stack.ValidationFixes;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;

/** Installs a recipe of {@code config-examples/shops} as its README says. */
public final class RecipeInstallation {

  private static final int PARTITIONS = 8;
  private static final String SINK = "sink.json";

  private final ShopRecipe recipe;
  private final PostgresServer postgres;
  private final KafkaCluster kafka;
  private final Map<String, ConnectorFile> connectors = new HashMap<>();

  /** Reads the recipe's connectors. */
  public RecipeInstallation(ShopRecipe recipe, PostgresServer postgres, KafkaCluster kafka) {
    this.recipe = recipe;
    this.postgres = postgres;
    this.kafka = kafka;
    Map<String, String> places = Installation.places(postgres);
    recipe
        .connectors()
        .forEach(file -> connectors.put(file, ConnectorFile.read(recipe.file(file), places)));
  }

  /** Creates the tables of the shop and of the warehouse, and the topics. */
  public void createTables() throws SQLException, InterruptedException {
    try (Connection shop = postgres.connect(Installation.SHOP);
        Connection warehouse = postgres.connect(Installation.WAREHOUSE)) {
      recipe.createShop(shop);
      recipe.createViews(shop);
      recipe.createWarehouse(shop, warehouse);
    }
    createTopics();
  }

  private void createTopics() throws InterruptedException {
    Set<String> names = new TreeSet<>(List.of(sink().setting("topics").split(",", -1)));
    names.add(deadLetters().name());
    try (Admin admin =
        Admin.create(
            Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()))) {
      List<NewTopic> topics = new ArrayList<>();
      names.forEach(
          name -> topics.add(new NewTopic(name, Optional.of(PARTITIONS), Optional.empty())));
      admin.createTopics(topics).all().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("Could not create the topics " + names, e);
    }
  }

  /** Runs the SQL that validate asks for, and starts the sources and the sink. */
  public void start(ConnectRest rest) throws SQLException {
    for (String file : recipe.connectors()) {
      ConnectorFile connector = connector(file);
      String database = file.equals(SINK) ? Installation.WAREHOUSE : Installation.SHOP;
      try (Connection connection = postgres.connect(database)) {
        ValidationFixes.run(rest, connector.settings(), connection);
      }
      Installation.start(rest, connector);
    }
  }

  private ConnectorFile connector(String file) {
    ConnectorFile connector = connectors.get(file);
    if (connector == null) {
      throw new IllegalStateException(recipe.name() + " has no " + file);
    }
    return connector;
  }

  private ConnectorFile sink() {
    return connector(SINK);
  }

  /** The connectors' names. */
  public List<String> connectors() {
    return connectors.values().stream().map(ConnectorFile::name).toList();
  }

  /** The topic of the orders. */
  public Topic ordersTopic() {
    return new Topic(kafka.bootstrapServers(), sink().setting("topics.order"));
  }

  /** The dead-letter queue of the sink. */
  public Topic deadLetters() {
    return new Topic(kafka.bootstrapServers(), sink().setting("errors.deadletterqueue.topic.name"));
  }
}
