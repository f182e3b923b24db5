@NullMarked
package io.orderflow.source.log.snapshot;

import org.jspecify.annotations.NullMarked;
