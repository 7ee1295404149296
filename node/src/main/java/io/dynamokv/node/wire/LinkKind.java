package io.dynamokv.node.wire;

/** What a link carries, said in the first message of its handshake. A node that does not know a kind hangs up. */
public enum LinkKind {
    REQUESTS(0),
    /** Who is alive, and the newest map. Nodes before this kind have none, and are known by their request links alone. */
    GOSSIP(1),
    /** What exchanges ask and move, so that it never stands before a request. Nodes before this kind take it as requests. */
    EXCHANGES(2);

    private final byte code;

    LinkKind(int code) {
        this.code = (byte) code;
    }

    byte code() {
        return code;
    }

    static LinkKind of(byte code) {
        for (LinkKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new Handshake.RefusedException("unknown kind of link " + code);
    }
}
