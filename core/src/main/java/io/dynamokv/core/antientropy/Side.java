package io.dynamokv.core.antientropy;

/** Whom an exchange asks. */
enum Side {
    SELF,
    PEER
}
