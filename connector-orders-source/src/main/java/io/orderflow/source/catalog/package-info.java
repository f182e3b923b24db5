/** The input edge: table schemas and the state of the server, read from the catalog. */
@NullMarked
package io.orderflow.source.catalog;

import org.jspecify.annotations.NullMarked;
