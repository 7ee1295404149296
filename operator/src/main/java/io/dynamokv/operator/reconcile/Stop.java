package io.dynamokv.operator.reconcile;

/** Why the API server did not let a pass come to its end. */
enum Stop {
    /** Somebody else wrote or deleted what was to be written. */
    CHANGED_MEANWHILE,
    /**
     * It does not answer, has just started and knows nobody's rights yet, or takes this pod's token no more: the pod is deleted, and another one goes on. An
     * operator that is uninstalled loses its rights while it stops.
     */
    AWAY,
    NAMESPACE_GOES,
    /** Somebody must do something. */
    REFUSED;

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    /** The role that everybody has: whoever starts without it has not read any. */
    private static final String KNOWS_NO_ROLES = "clusterrole.rbac.authorization.k8s.io \"system:discovery\" not found";

    /**
     * @param code 0 or less if there was no answer
     * @param stopping whether the operator itself is
     */
    static Stop of(int code, String message, boolean stopping) {
        boolean isOfNoRight = code == FORBIDDEN && (stopping || message.contains(KNOWS_NO_ROLES));
        if (code <= 0 || code == UNAUTHORIZED || isOfNoRight) {
            return AWAY;
        }
        if (code == CONFLICT || code == NOT_FOUND) {
            return CHANGED_MEANWHILE;
        }
        return message.contains("NamespaceTerminating") ? NAMESPACE_GOES : REFUSED;
    }
}
