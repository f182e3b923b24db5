package io.orderflow.source;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class LayeringTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.orderflow.source");

  @Test
  void coreKnowsNeitherKafkaNorJdbc() {
    noClasses()
        .that()
        .resideInAPackage("..source.event..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.kafka..", "java.sql..", "javax.sql..", "org.postgresql..")
        .because(
            "the core decides by values alone: read them in `query`, and write them in `record`")
        .check(CLASSES);
  }

  @Test
  void rowsAreReadWithoutKafka() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "..source.query..",
            "..source.read..",
            "..source.catalog..",
            "..source.log..",
            "..source.sql..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.kafka..")
        .because("schemas and records of Connect are made in `record`, from order events")
        .check(CLASSES);
  }

  @Test
  void recordsAreMadeWithoutADatabase() {
    noClasses()
        .that()
        .resideInAPackage("..source.record..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "..source.query..")
        .because("all that a record needs is in the order event; add it there")
        .check(CLASSES);
  }

  @Test
  void protocolIsDecodedWithoutADatabase() {
    noClasses()
        .that()
        .resideInAPackage("..source.log.pgoutput..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.kafka..", "java.sql..", "javax.sql..", "org.postgresql..")
        .because(
            "the decoder must not look anything up: the catalog of now is not that of the message."
                + " Hand it bytes, and give them a meaning in `log`")
        .check(CLASSES);
  }
}
