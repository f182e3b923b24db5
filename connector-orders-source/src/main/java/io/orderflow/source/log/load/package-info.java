/** The initial load: chunks of orders, read beside the stream of changes. */
@NullMarked
package io.orderflow.source.log.load;

import org.jspecify.annotations.NullMarked;
