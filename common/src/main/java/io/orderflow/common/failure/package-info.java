@NullMarked
package io.orderflow.common.failure;

import org.jspecify.annotations.NullMarked;
