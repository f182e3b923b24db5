/** Installs the shipped SQL and registers the shipped connector configurations. */
@NullMarked
package io.orderflow.quickstart.setup;

import org.jspecify.annotations.NullMarked;
