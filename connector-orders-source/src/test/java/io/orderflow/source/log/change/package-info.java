@NullMarked
package io.orderflow.source.log.change;

import org.jspecify.annotations.NullMarked;
