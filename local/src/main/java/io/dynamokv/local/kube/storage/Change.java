package io.dynamokv.local.kube.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynamokv.local.kube.object.ObjectKey;
import java.util.Optional;

/**
 * One step of one object. The objects are shared: readers must not change them.
 *
 * @param version that of the whole store after the change, and of the object
 * @param before absent when it was created
 * @param object as it is now, or as it last was when it is gone
 */
public record Change(long version, ObjectKey key, Optional<ObjectNode> before, ObjectNode object, boolean removed) {}
