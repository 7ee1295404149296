import { parse } from './parse';
import type { ClusterView, Liveness, NodeId } from './view';

/** Answers as nodes give them: members a, b, c... of a cluster, and what one of them says. */
export interface Said {
  readonly by: string;
  readonly of?: Readonly<Record<string, Liveness>>;
  readonly hints?: Readonly<Record<string, number>>;
  readonly epoch?: number;
  readonly term?: number;
  readonly hash?: string;
  readonly owners?: readonly (readonly number[])[];
}

const CLUSTER = ['a', 'b', 'c'];
const RING = [
  [0, 1, 2],
  [1, 2, 0],
  [2, 0, 1],
  [0, 2, 1],
];

/** The id of the member that is called so. */
export function idOf(name: string): NodeId {
  return `00000000-0000-4000-8000-${name.charCodeAt(0).toString(16).padStart(12, '0')}`;
}

export function documentOf(said: Said) {
  const epoch = said.epoch ?? 1;
  const members = CLUSTER.map((name) => ({ nodeId: idOf(name), name, zone: 'z1' }));
  return {
    self: idOf(said.by),
    map: {
      format: 1,
      clusterId: '11111111-1111-4111-8111-111111111111',
      term: said.term ?? 1,
      epoch,
      parentHash: '',
      hash: (said.hash ?? epoch.toString(16)).padStart(64, '0'),
      replicationFactor: 3,
      readQuorum: 2,
      writeQuorum: 2,
      durability: 'sync',
      buckets: [],
      members,
      partitions: (said.owners ?? RING).map((owners) => ({ lastChanged: 1, owners })),
    },
    members: members.map((member) => ({
      ...member,
      liveness: said.of?.[member.name] ?? 'alive',
      hintsWaiting: said.hints?.[member.name] ?? 0,
      url: 'http://127.0.0.11:8080',
    })),
  };
}

export function viewOf(said: Said): ClusterView {
  const parsed = parse(JSON.stringify(documentOf(said)));
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.view;
}
