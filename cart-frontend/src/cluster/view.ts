/** One node's answer to `GET /v1/cluster`: who it is, its map, and what it believes of the members. */
export type NodeId = string;

/** What one node believes of another. */
export type Liveness = 'alive' | 'suspect' | 'down';

export interface Member {
  readonly nodeId: NodeId;
  readonly name: string;
  readonly zone: string;
}

export interface ClusterMap {
  readonly clusterId: string;
  readonly term: number;
  readonly epoch: number;
  readonly hash: string;
  readonly replicationFactor: number;
  readonly members: readonly Member[];
  /** For each partition the positions of its owners in `members`, in slot order. */
  readonly owners: readonly (readonly number[])[];
}

export interface Belief {
  readonly liveness: Liveness;
  /** Writes that the answering node keeps for this member until it has got them. */
  readonly hintsWaiting: number;
}

export interface ClusterView {
  readonly self: NodeId;
  readonly map: ClusterMap;
  readonly beliefs: ReadonlyMap<NodeId, Belief>;
}

/** By the map that this member stands in; a node that is no member of it has only its id. */
export function nameOf(map: ClusterMap, nodeId: NodeId): string {
  return map.members.find((member) => member.nodeId === nodeId)?.name ?? nodeId.slice(0, 8);
}
