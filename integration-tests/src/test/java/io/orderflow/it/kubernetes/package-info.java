/**
 * The manifests of config-examples/kubernetes, compared with what Kubernetes and its operators
 * accept.
 */
@NullMarked
package io.orderflow.it.kubernetes;

import org.jspecify.annotations.NullMarked;
