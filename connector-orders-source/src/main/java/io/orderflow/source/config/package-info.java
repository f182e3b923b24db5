/** The connector's settings: their one definition, and their values with types. */
@NullMarked
package io.orderflow.source.config;

import org.jspecify.annotations.NullMarked;
