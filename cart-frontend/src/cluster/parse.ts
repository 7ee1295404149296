import type { Belief, ClusterMap, ClusterView, Liveness, Member, NodeId } from './view';

export type Parsed =
  { readonly ok: true; readonly view: ClusterView } | { readonly ok: false; readonly reason: string };

/** What the page looks at at most. The nodes' own bounds are lower or equal. */
export const VIEW_MAX = { chars: 4 * 1_048_576, members: 1_000, partitions: 65_536, nameChars: 253 } as const;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const HASH = /^[0-9a-f]{64}$/;
const LIVENESS: readonly unknown[] = ['alive', 'suspect', 'down'] satisfies Liveness[];

/**
 * Takes whatever came as the answer; anything may stand between the page and a node. Fields that it does not know
 * are left aside, so that a newer node can be shown. Never throws.
 */
export function parse(text: string): Parsed {
  if (text.length > VIEW_MAX.chars) return refused(`it is longer than ${VIEW_MAX.chars} characters`);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return refused('it is not JSON');
  }
  try {
    return { ok: true, view: readView(document) };
  } catch (problem) {
    if (problem instanceof Refusal) return refused(problem.message);
    throw problem;
  }
}

/** Thrown and caught in this file only: a deep reader is clearer when it can stop anywhere. */
class Refusal extends Error {}

function refused(reason: string): Parsed {
  return { ok: false, reason };
}

function readView(document: unknown): ClusterView {
  const fields = readObject(document, 'the answer');
  const self = readText(fields, 'self', UUID);
  const map = readMap(fields.get('map'));
  return { self, map, beliefs: readBeliefs(fields.get('members'), map) };
}

function readMap(value: unknown): ClusterMap {
  const fields = readObject(value, '"map"');
  const members = readMembers(fields.get('members'));
  return {
    clusterId: readText(fields, 'clusterId', UUID),
    term: readInteger(fields, 'term', 1, Number.MAX_SAFE_INTEGER),
    epoch: readInteger(fields, 'epoch', 1, Number.MAX_SAFE_INTEGER),
    hash: readText(fields, 'hash', HASH),
    replicationFactor: readInteger(fields, 'replicationFactor', 1, members.length),
    members,
    owners: readList(fields.get('partitions'), '"partitions"', VIEW_MAX.partitions).map((partition, number) =>
      readOwners(readObject(partition, `partition ${number}`).get('owners'), number, members.length),
    ),
  };
}

function readMembers(value: unknown): readonly Member[] {
  const members = readList(value, '"map.members"', VIEW_MAX.members).map((entry) => {
    const fields = readObject(entry, 'a member');
    return {
      nodeId: readText(fields, 'nodeId', UUID),
      name: readName(fields, 'name'),
      zone: readName(fields, 'zone'),
    };
  });
  if (new Set(members.map(({ nodeId }) => nodeId)).size !== members.length) {
    throw new Refusal('a member is there twice');
  }
  return members;
}

function readOwners(value: unknown, partition: number, members: number): readonly number[] {
  const owners = readList(value, `the owners of partition ${partition}`, members).map((owner) => {
    if (!isInteger(owner, 0, members - 1))
      throw new Refusal(`partition ${partition} has an owner that is no member`);
    return owner;
  });
  if (new Set(owners).size !== owners.length) throw new Refusal(`partition ${partition} has an owner twice`);
  return owners;
}

function readBeliefs(value: unknown, map: ClusterMap): ReadonlyMap<NodeId, Belief> {
  const beliefs = new Map<NodeId, Belief>();
  for (const entry of readList(value, '"members"', VIEW_MAX.members)) {
    const fields = readObject(entry, 'a member');
    const liveness = fields.get('liveness');
    if (!isLiveness(liveness)) throw new Refusal('"liveness" is none of alive, suspect and down');
    beliefs.set(readText(fields, 'nodeId', UUID), {
      liveness,
      hintsWaiting: readInteger(fields, 'hintsWaiting', 0, Number.MAX_SAFE_INTEGER),
    });
  }
  if (beliefs.size !== map.members.length || !map.members.every(({ nodeId }) => beliefs.has(nodeId))) {
    throw new Refusal('"members" are not those of its map');
  }
  return beliefs;
}

function readObject(value: unknown, what: string): ReadonlyMap<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal(`${what} is no object`);
  }
  return new Map(Object.entries(value));
}

/** None of the lists may be empty: a map has members, partitions and owners. */
function readList(value: unknown, what: string, lengthMax: number): readonly unknown[] {
  if (!Array.isArray(value)) throw new Refusal(`${what} is no list`);
  if (value.length < 1 || value.length > lengthMax)
    throw new Refusal(`${what} has not 1 to ${lengthMax} entries`);
  return value;
}

function readText(fields: ReadonlyMap<string, unknown>, name: string, form: RegExp): string {
  const value = fields.get(name);
  if (typeof value !== 'string' || !form.test(value)) throw new Refusal(`"${name}" is not of the right form`);
  return value;
}

function readName(fields: ReadonlyMap<string, unknown>, name: string): string {
  const value = fields.get(name);
  if (typeof value !== 'string' || value.trim() === '' || value.length > VIEW_MAX.nameChars) {
    throw new Refusal(`"${name}" is no name of 1 to ${VIEW_MAX.nameChars} characters`);
  }
  return value;
}

function readInteger(fields: ReadonlyMap<string, unknown>, name: string, min: number, max: number): number {
  const value = fields.get(name);
  if (!isInteger(value, min, max)) throw new Refusal(`"${name}" is no integer from ${min} to ${max}`);
  return value;
}

function isInteger(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max;
}

function isLiveness(value: unknown): value is Liveness {
  return LIVENESS.includes(value);
}
