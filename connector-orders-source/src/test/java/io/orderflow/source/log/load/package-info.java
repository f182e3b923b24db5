@NullMarked
package io.orderflow.source.log.load;

import org.jspecify.annotations.NullMarked;
