package io.orderflow.sink;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class LayersTest {

  private static final JavaClasses SINK =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.orderflow.sink");

  @Test
  void tablesKnowNoRecords() {
    noClasses()
        .that()
        .resideInAPackage("io.orderflow.sink.warehouse..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.kafka.connect..", "io.orderflow.sink.record..", "io.orderflow.sink.apply..")
        .because(
            "a transaction applies updates: make them of records in io.orderflow.sink.record, and"
                + " decide what follows from a failure in io.orderflow.sink.apply")
        .check(SINK);
  }
}
