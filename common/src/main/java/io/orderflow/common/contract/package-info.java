@NullMarked
package io.orderflow.common.contract;

import org.jspecify.annotations.NullMarked;
