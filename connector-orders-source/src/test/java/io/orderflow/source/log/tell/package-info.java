@NullMarked
package io.orderflow.source.log.tell;

import org.jspecify.annotations.NullMarked;
