package io.orderflow.source;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class LayeringTest {

  private static final String[] EDGES = {
    "org.apache.kafka..", "java.sql..", "javax.sql..", "org.postgresql.."
  };

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.orderflow.source");

  @Test
  void packagesHaveNoCycles() {
    slices()
        .matching("io.orderflow.source.(**)")
        .should()
        .beFreeOfCycles()
        .because("a package is understood without those that use it; move the shared type down")
        .check(CLASSES);
  }

  @Test
  void coreKnowsNeitherKafkaNorJdbc() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "..source.event..",
            "..source.schema..",
            "..source.offset..",
            "..source.value..",
            "..source.log.change..",
            "..source.log.pgoutput..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(EDGES)
        .because(
            "the core decides by values alone: read them in `read`, `catalog` or `log.slot`, and"
                + " make records of them in `record`")
        .check(CLASSES);
  }

  @Test
  void ordersAreReadWithoutConnect() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "..source.read..",
            "..source.catalog..",
            "..source.sql..",
            "..source.handover..",
            "..source.log.slot..",
            "..source.log.snapshot..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.kafka.connect..")
        .because("records of Connect are made in `record`, from order events")
        .check(CLASSES);
  }

  @Test
  void recordsAreMadeWithoutADatabase() {
    noClasses()
        .that()
        .resideInAPackage("..source.record..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "..source.read..", "..source.query..", "..source.log..")
        .because("an order event contains everything that its record needs; add it there")
        .check(CLASSES);
  }

  @Test
  void loopKnowsNoCapture() {
    noClasses()
        .that()
        .resideInAPackage("..source.capture..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("..source.query..", "..source.log..")
        .because("both captures share one loop; what only one of them needs belongs to it")
        .check(CLASSES);
  }

  @Test
  void statesOfSqlAreReadInOnePlace() {
    noClasses()
        .should()
        .callMethod(SQLException.class, "getSQLState")
        .because("SqlFailures of common alone knows them: add a predicate there")
        .check(CLASSES);
  }
}
