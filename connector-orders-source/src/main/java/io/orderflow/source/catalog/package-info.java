/** Edge in: table schemas and the server's state, read from PostgreSQL's catalog. */
@NullMarked
package io.orderflow.source.catalog;

import org.jspecify.annotations.NullMarked;
