package io.dynamokv.node.port;

import java.util.OptionalLong;

/** Tells the node's figures. From any thread; cheap enough to be asked every few seconds. */
public interface NodeFigures {
    /** Empty while the node is not open. */
    OptionalLong figure(Figure figure);
}
