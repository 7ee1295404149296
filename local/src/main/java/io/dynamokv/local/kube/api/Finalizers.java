package io.dynamokv.local.kube.api;

/** Finalizers of the server itself. */
public final class Finalizers {
    /** What the object owns goes first. */
    public static final String FOREGROUND = "foregroundDeletion";
    /** A claim stays as long as a pod uses it. */
    public static final String CLAIM_IN_USE = "kubernetes.io/pvc-protection";

    private Finalizers() {}
}
