package io.orderflow.source.fuzz;

/** A step of a history. Sessions are those of the shop, and open at most one transaction each. */
sealed interface Step {

  /**
   * A statement of the shop.
   *
   * @param effect what it may do beside changing rows
   * @param rows what {@code COPY … FROM STDIN} reads; empty for other statements
   */
  record Sql(int session, String sql, Effect effect, String rows) implements Step {

    /** What a statement may do beside changing rows. */
    enum Effect {
      NONE,
      /** Values may change without a change of their rows. */
      CHANGES_VALUES,
      /** Orders get items, of which no row is changed. */
      ATTACHES,
      /** Orders lose items, of which no row is changed. */
      REMOVES
    }

    /** Whether values may change without a change of their rows. */
    boolean changesSchema() {
      return effect != Effect.NONE;
    }

    static Sql of(int session, String sql) {
      return new Sql(session, sql, Effect.NONE, "");
    }

    static Sql ddl(int session, String sql) {
      return new Sql(session, sql, Effect.CHANGES_VALUES, "");
    }

    @Override
    public String toString() {
      return session + ": " + sql + ";" + (rows.isEmpty() ? "" : "\n" + rows + "\\.");
    }
  }

  record Begin(int session, String isolation) implements Step {

    static final String SERIALIZABLE = "SERIALIZABLE";

    @Override
    public String toString() {
      return session + ": BEGIN ISOLATION LEVEL " + isolation + ";";
    }
  }

  record Commit(int session) implements Step {
    @Override
    public String toString() {
      return session + ": COMMIT;";
    }
  }

  record Rollback(int session) implements Step {
    @Override
    public String toString() {
      return session + ": ROLLBACK;";
    }
  }

  /** The first phase of a commit; the transaction no longer belongs to the session. */
  record Prepare(int session) implements Step {
    @Override
    public String toString() {
      return session + ": PREPARE TRANSACTION;";
    }
  }

  /** The second phase. */
  record EndPrepared(int session, boolean commits) implements Step {
    @Override
    public String toString() {
      return session + (commits ? ": COMMIT PREPARED;" : ": ROLLBACK PREPARED;");
    }
  }

  /**
   * Each capture polls once.
   *
   * @param commits whether the offsets of all that was polled are committed then
   */
  record Poll(boolean commits) implements Step {
    @Override
    public String toString() {
      return commits ? "-- poll and commit" : "-- poll";
    }
  }

  /** Each capture polls until it has emitted all that was committed. No transaction is open. */
  record CatchUp() implements Step {
    @Override
    public String toString() {
      return "-- poll until all is emitted";
    }
  }

  /**
   * Captures that are prepared for it hand over to the other one. No transaction is open.
   *
   * @param killed whether what was polled last is not committed
   */
  record Handover(boolean killed) implements Step {
    @Override
    public String toString() {
      return killed ? "-- kill the tasks, and change the capture" : "-- change the capture";
    }
  }

  /**
   * The tasks end, and others start at the committed offsets.
   *
   * @param killed whether what was polled last is not committed, so that it is emitted again
   */
  record Restart(boolean killed) implements Step {
    @Override
    public String toString() {
      return killed ? "-- kill the tasks and start others" : "-- restart the tasks";
    }
  }
}
