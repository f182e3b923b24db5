package io.orderflow.sink.faults;

import io.orderflow.sink.fixture.WarehouseDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A PostgreSQL server that a test may stop, kill, copy and promote. */
final class OwnServer implements AutoCloseable {

  private final Path bin;
  private final Path folder;
  private final int port;
  private List<String> settings = List.of();

  private OwnServer(Path bin, Path folder, int port) {
    this.bin = bin;
    this.folder = folder;
    this.port = port;
    Runtime.getRuntime().addShutdownHook(new Thread(this::killHard));
  }

  /** Running, with a user {@code postgres} that needs no password. */
  static OwnServer start() {
    OwnServer server = new OwnServer(programs(), temporaryFolder(), freePort());
    server.run(
        "initdb", "-D", server.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync");
    server.launch();
    return server;
  }

  /** A standby of this server, which has to be stopped meanwhile; it is not started yet. */
  OwnServer standby() throws IOException {
    OwnServer standby = new OwnServer(bin, temporaryFolder(), freePort());
    Path from = Path.of(data());
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path to = Path.of(standby.data()).resolve(from.relativize(file).toString());
        Files.copy(file, to, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    Files.createFile(Path.of(standby.data(), "standby.signal"));
    Files.writeString(
        Path.of(standby.data(), "postgresql.auto.conf"),
        "primary_conninfo = 'host=127.0.0.1 port=" + port + " user=postgres'\n");
    return standby;
  }

  /** Starts the server, with settings such as {@code wal_level=minimal}, and waits for it. */
  void launch(String... withSettings) {
    settings = List.of(withSettings);
    StringBuilder options = new StringBuilder("-p " + port + " -h 127.0.0.1 -c fsync=off");
    options.append(" -c unix_socket_directories=''");
    settings.forEach(setting -> options.append(" -c ").append(setting));
    run(
        "pg_ctl",
        "-D",
        data(),
        "-l",
        folder.resolve("log").toString(),
        "-w",
        "-o",
        options.toString(),
        "start");
  }

  /** Starts the server as it was started last. */
  void launchAgain() {
    launch(settings.toArray(String[]::new));
  }

  /**
   * @param mode {@code fast} or {@code immediate}
   */
  void stop(String mode) {
    run("pg_ctl", "-D", data(), "-m", mode, "-w", "stop");
  }

  /** All its processes at once, as when the machine dies. */
  void killHard() {
    try {
      Path file = Path.of(data(), "postmaster.pid");
      if (Files.exists(file)) {
        ProcessHandle.of(Long.parseLong(Files.readAllLines(file).get(0).strip()))
            .ifPresent(
                postmaster -> {
                  List<ProcessHandle> backends = postmaster.children().toList();
                  postmaster.destroyForcibly();
                  backends.forEach(ProcessHandle::destroyForcibly);
                  postmaster.onExit().orTimeout(10, TimeUnit.SECONDS).join();
                });
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void promote() {
    run("pg_ctl", "-D", data(), "-w", "promote");
  }

  /** Up to where the name of a database follows. */
  String url() {
    return "jdbc:postgresql://" + address() + "/";
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  @Override
  public void close() throws IOException {
    killHard();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  private void run(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      // PostgreSQL refuses to run as root; in a user namespace of its own, root is nobody.
      command.addAll(List.of("unshare", "-U"));
    }
    command.add(bin.resolve(program).toString());
    command.addAll(List.of(arguments));
    try {
      Path output = folder.resolve(program + ".out");
      int status =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start()
              .waitFor();
      if (status != 0) {
        throw new IllegalStateException(command + ": " + Files.readString(output));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while running " + program, e);
    }
  }

  /** Where the programs are that the module's other server runs. */
  private static Path programs() {
    try (WarehouseDatabase any = WarehouseDatabase.empty()) {
      return Path.of(any.rows("SELECT setting FROM pg_config WHERE name = 'BINDIR'").get(0));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("orderflow-server-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
