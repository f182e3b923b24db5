package io.orderflow.it.runbook;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Runs the commands of pages, which needs bash, curl, jq and psql, unlike the build. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@EnabledIfSystemProperty(
    named = "orderflow.runbooks",
    matches = "true",
    disabledReason =
        "needs bash, curl, jq and psql: mvn -B verify -pl integration-tests -am -Dtest=NoSuch"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dit.test='Runbook*IT'"
            + " -Dorderflow.runbooks=true")
@interface RunbookTest {}
