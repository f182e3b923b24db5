package io.orderflow.sink.plan;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "io.orderflow.sink",
    importOptions = ImportOption.DoNotIncludeTests.class)
class CoreLayeringTest {

  @ArchTest
  static final ArchRule coreKnowsNeitherKafkaNorJdbc =
      noClasses()
          .that()
          .resideInAnyPackage("io.orderflow.sink.update..", "io.orderflow.sink.plan..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..", "java.sql..", "javax.sql..", "org.postgresql..")
          .because(
              "the core decides on plain values: read what comes from Kafka in"
                  + " io.orderflow.sink.record and write to PostgreSQL in"
                  + " io.orderflow.sink.warehouse");

  @ArchTest
  static final ArchRule updatesDoNotKnowThePlan =
      noClasses()
          .that()
          .resideInAPackage("io.orderflow.sink.update..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.orderflow.sink.plan..")
          .because("an update says what is wanted: what becomes of it belongs in the plan");

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
              "a decoder that asks the database meets rows from the future: pass what it needs"
                  + " to its constructor");
}
