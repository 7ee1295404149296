package io.dynamokv.operator.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class StopTest {
    private static final String FORBIDDEN =
            "ingresses \"carts\" is forbidden: User \"system:serviceaccount:shop:operator\" cannot get resource \"ingresses\"";

    @Test
    void whoDoesNotAnswerIsAway() {
        assertEquals(Stop.AWAY, Stop.of(0, "connection refused", false));
        assertEquals(Stop.AWAY, Stop.of(-1, "null", false));
    }

    /** Seen when one was killed and started again: a right that the operator has was an error in its log, and a condition that a person was to mend. */
    @Test
    void anApiServerThatKnowsNoRolesYetIsAway() {
        assertEquals(
                Stop.AWAY,
                Stop.of(
                        403,
                        FORBIDDEN + ": RBAC: [clusterrole.rbac.authorization.k8s.io \"system:discovery\" not found, "
                                + "clusterrole.rbac.authorization.k8s.io \"shop-operator\" not found]",
                        false));
    }

    /** Seen when an operator's pod was deleted: its token goes with it, and the pass that it was in was an error in its log. */
    @Test
    void anApiServerThatTakesTheTokenOfADeletedPodNoMoreIsAway() {
        assertEquals(Stop.AWAY, Stop.of(401, "Unauthorized", false));
    }

    /** Seen when the release was uninstalled: the operator's role went while it stopped, and the pass that it was in was an error in its log. */
    @Test
    void anApiServerThatKnowsNoRightsOfAnOperatorThatStopsIsAway() {
        assertEquals(Stop.AWAY, Stop.of(403, FORBIDDEN, true));
        assertEquals(Stop.REFUSED, Stop.of(422, "invalid", true));
    }

    @Test
    void aRightThatIsMissingIsForAPersonToMend() {
        assertEquals(Stop.REFUSED, Stop.of(403, FORBIDDEN, false));
        assertEquals(
                Stop.REFUSED,
                Stop.of(
                        403,
                        FORBIDDEN + ": RBAC: clusterrole.rbac.authorization.k8s.io \"shop-operator\" not found",
                        false));
        assertEquals(Stop.REFUSED, Stop.of(422, "invalid", false));
        assertEquals(Stop.REFUSED, Stop.of(500, "a webhook failed", false));
    }

    @Test
    void whatOthersWroteMeanwhileIsLookedAtAgain() {
        assertEquals(Stop.CHANGED_MEANWHILE, Stop.of(409, "conflict", false));
        assertEquals(Stop.CHANGED_MEANWHILE, Stop.of(404, "not found", false));
        assertEquals(Stop.NAMESPACE_GOES, Stop.of(403, "NamespaceTerminating", false));
    }
}
