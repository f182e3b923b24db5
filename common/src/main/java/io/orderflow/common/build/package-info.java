/** The version of this build. */
@NullMarked
package io.orderflow.common.build;

import org.jspecify.annotations.NullMarked;
