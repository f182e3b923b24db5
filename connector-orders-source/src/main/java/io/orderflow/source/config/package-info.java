/** The settings of the orders source: their definition, and their values as types. */
@NullMarked
package io.orderflow.source.config;

import org.jspecify.annotations.NullMarked;
