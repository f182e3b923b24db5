package io.orderflow.sink;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.sql.SQLException;

@AnalyzeClasses(
    packages = "io.orderflow.sink",
    importOptions = ImportOption.DoNotIncludeTests.class)
class LayeringTest {

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices()
          .matching("io.orderflow.sink.(*)..")
          .should()
          .beFreeOfCycles()
          .because("a package that depends on itself cannot be understood, or moved, alone");

  @ArchTest
  static final ArchRule coreKnowsNeitherKafkaNorJdbc =
      noClasses()
          .that()
          .resideInAnyPackage("io.orderflow.sink.update..", "io.orderflow.sink.plan..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..", "java.sql..", "javax.sql..", "org.postgresql..")
          .because(
              "the core decides on plain values: read Kafka's records in io.orderflow.sink.record,"
                  + " and write to PostgreSQL in io.orderflow.sink.warehouse");

  @ArchTest
  static final ArchRule updatesDoNotKnowThePlan =
      noClasses()
          .that()
          .resideInAPackage("io.orderflow.sink.update..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.orderflow.sink.plan..")
          .because("an update is a request: decide its outcome in io.orderflow.sink.plan");

  @ArchTest
  static final ArchRule readingDoesNotTouchTheDatabase =
      noClasses()
          .that()
          .resideInAPackage("io.orderflow.sink.record..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.sql..", "javax.sql..", "org.postgresql..", "io.orderflow.sink.warehouse..")
          .because(
              "a decoder that queries the database sees rows newer than its record: pass what it"
                  + " needs to its constructor");

  @ArchTest
  static final ArchRule warehouseKnowsNoRecords =
      noClasses()
          .that()
          .resideInAPackage("io.orderflow.sink.warehouse..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.kafka.connect..",
              "io.orderflow.sink.record..",
              "io.orderflow.sink.deadletter..",
              "io.orderflow.sink.apply..")
          .because(
              "a transaction applies updates: read them in io.orderflow.sink.record, and decide"
                  + " what"
                  + " follows from a failure in io.orderflow.sink.apply");

  @ArchTest
  static final ArchRule sqlStatesAreReadInOnePlace =
      noClasses()
          .should()
          .callMethod(SQLException.class, "getSQLState")
          .because("failures are classified by io.orderflow.common.failure.SqlFailures");
}
