@NullMarked
package io.orderflow.source.record;

import org.jspecify.annotations.NullMarked;
