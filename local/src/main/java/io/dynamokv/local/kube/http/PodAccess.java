package io.dynamokv.local.kube.http;

import java.util.Optional;

/** What of a pod is not in its object. */
public interface PodAccess {
    /** For a server without machines. */
    PodAccess NONE = (namespace, pod) -> Optional.empty();

    /** What its container has said so far; empty if nothing of it has run here. May read a file. */
    Optional<String> log(String namespace, String pod);
}
