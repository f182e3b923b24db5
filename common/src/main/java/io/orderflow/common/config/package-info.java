/** Declares, validates and documents the settings of connectors. */
@NullMarked
package io.orderflow.common.config;

import org.jspecify.annotations.NullMarked;
