package io.orderflow.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A PostgreSQL server from embedded binaries. It syncs to disk as any server does. */
public final class LocalPostgres extends ProcessServer implements PostgresServer {
  private static final Duration READY_WITHIN = Duration.ofSeconds(60);
  private static final String USER = "postgres";

  /** As in {@code postgres (PostgreSQL) 18.6}. */
  private static final Pattern MAJOR_VERSION = Pattern.compile("\\) (\\d+)");

  /** The first with a locale of its own, that is the same on all systems. */
  private static final int KNOWS_BUILTIN_LOCALES = 17;

  private final int port;
  private final String password;

  private LocalPostgres(int port, String password, ServerProcess process) {
    super(process, READY_WITHIN);
    this.port = port;
    this.password = password;
  }

  /**
   * Creates the data directory and launches the server; does not wait for it.
   *
   * @param binaries the folder that holds {@code bin}
   */
  static LocalPostgres launch(StackFolder folder, Path binaries, Map<String, String> overrides) {
    Path bin = binaries.resolve("bin");
    List<String> asOrdinaryUser = asOrdinaryUser();
    Path data = folder.path().resolve("postgres");
    byte[] random = new byte[12];
    new SecureRandom().nextBytes(random);
    String password = HexFormat.of().formatHex(random);
    initialise(folder, asOrdinaryUser, bin, data, password);

    int port = Ports.free();
    List<String> command = new ArrayList<>(asOrdinaryUser);
    command.addAll(List.of(bin.resolve("postgres").toString(), "-D", data.toString()));
    settings(port, overrides)
        .forEach((name, value) -> command.addAll(List.of("-c", name + '=' + value)));
    var process = new ServerProcess("postgres", folder, command, ServerProcess.Signals.POSTGRES);
    process.launch();
    return new LocalPostgres(port, password, process);
  }

  /** PostgreSQL refuses to run as root; in a user namespace of its own, root is nobody. */
  private static List<String> asOrdinaryUser() {
    if (!Shell.output("id", "-u").equals("0")) {
      return List.of();
    }
    if (Shell.output("sh", "-c", "unshare -U id -u || echo refused").matches("[1-9][0-9]*")) {
      return List.of("unshare", "-U");
    }
    throw new StackException(
        "PostgreSQL does not run as root, and this system does not allow `unshare -U`."
            + " Run as an ordinary user, or name a server with ORDERFLOW_POSTGRES_URL");
  }

  private static void initialise(
      StackFolder folder, List<String> asOrdinaryUser, Path bin, Path data, String password) {
    Path passwordFile = folder.path().resolve("postgres-password");
    try {
      Files.createDirectory(data);
      Files.writeString(passwordFile, password);
      List<String> command = new ArrayList<>(asOrdinaryUser);
      command.addAll(
          List.of(
              bin.resolve("initdb").toString(),
              "--pgdata=" + data,
              "--username=" + USER,
              "--pwfile=" + passwordFile,
              "--auth=scram-sha-256",
              "--encoding=UTF8",
              "--locale=C",
              "--no-sync",
              "--no-instructions"));
      command.addAll(locale(bin));
      Shell.run(command, folder.logs().resolve("postgres-initdb.log"));
      Files.delete(passwordFile);
    } catch (IOException e) {
      throw new UncheckedIOException("Could not prepare " + data, e);
    }
  }

  /** Before there were built-in locales, upper and lower case of other letters than ASCII's go. */
  private static List<String> locale(Path bin) {
    return majorVersion(bin) < KNOWS_BUILTIN_LOCALES
        ? List.of()
        : List.of("--locale-provider=builtin", "--builtin-locale=C.UTF-8");
  }

  private static int majorVersion(Path bin) {
    String answer = Shell.output(bin.resolve("postgres").toString(), "--version");
    Matcher version = MAJOR_VERSION.matcher(answer);
    if (!version.find()) {
      throw new StackException("Expected a version of PostgreSQL in " + bin + ", found: " + answer);
    }
    return Integer.parseInt(version.group(1));
  }

  private static Map<String, String> settings(int port, Map<String, String> overrides) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("listen_addresses", "127.0.0.1");
    settings.put("port", Integer.toString(port));
    settings.put("unix_socket_directories", "");
    settings.put("max_connections", "200");
    settings.put("log_line_prefix", "%m [%p] %q%u@%d ");
    settings.putAll(overrides);
    return settings;
  }

  @Override
  Optional<String> probe() {
    try (Connection connection = connect("postgres")) {
      return connection.isValid(5) ? Optional.empty() : Optional.of("No valid connection");
    } catch (SQLException e) {
      return Optional.of(e.toString());
    }
  }

  @Override
  public String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + '/' + database;
  }

  @Override
  public String user() {
    return USER;
  }

  @Override
  public String password() {
    return password;
  }

  public int port() {
    return port;
  }
}
