@NullMarked
package io.orderflow.common.config;

import org.jspecify.annotations.NullMarked;
