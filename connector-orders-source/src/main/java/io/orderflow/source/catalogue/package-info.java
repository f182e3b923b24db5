/** Edge in: what the tables and the server are, read from the catalogue. */
@NullMarked
package io.orderflow.source.catalogue;

import org.jspecify.annotations.NullMarked;
