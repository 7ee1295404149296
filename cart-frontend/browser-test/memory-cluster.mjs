/**
 * What `GET /v1/cluster` of three nodes says, from memory: for developing the page about the nodes and for testing it
 * alone. The living answer in turn, as behind a balancer, each with its own view; a node that is gone is suspected first,
 * then hints gather for it (of three real nodes none could stand in, as all are owners; here the page has something to show).
 */
const NAMES = ['node-1', 'node-2', 'node-3'];
const PARTITIONS = 256;
const HASH = 'da'.repeat(32);
/** Suspicion lasts for so many answers of the others. */
const ANSWERS_OF_SUSPICION = 2;

export class MemoryCluster {
  /** @type {Map<number, number>} members that are gone, and how many answers were given since */
  #gone = new Map();
  #answers = 0;

  /** @param {string} name */
  lose(name) {
    this.#gone.set(NAMES.indexOf(name), 0);
  }

  /** @param {string} name */
  bringBack(name) {
    this.#gone.delete(NAMES.indexOf(name));
  }

  /** @returns {string} the JSON of the next node's answer */
  answer() {
    const living = NAMES.map((_, member) => member).filter((member) => !this.#gone.has(member));
    const self = living[this.#answers++ % living.length] ?? 0;
    for (const [member, answers] of this.#gone) this.#gone.set(member, answers + 1);
    return JSON.stringify({
      self: idOf(self),
      map: MAP,
      members: NAMES.map((name, member) => this.#seen(name, member)),
    });
  }

  /** @param {string} name @param {number} member */
  #seen(name, member) {
    const answers = this.#gone.get(member);
    const liveness = answers === undefined ? 'alive' : answers <= ANSWERS_OF_SUSPICION ? 'suspect' : 'down';
    const hintsWaiting = Math.max(0, (answers ?? 0) - ANSWERS_OF_SUSPICION) * 3;
    return { nodeId: idOf(member), name, zone: 'default', liveness, hintsWaiting, url: null };
  }
}

/** @param {number} member */
function idOf(member) {
  return `00000000-0000-4000-8000-00000000000${member + 1}`;
}

const MAP = {
  format: 1,
  clusterId: '00000000-0000-4000-8000-0000000000c1',
  term: 1,
  epoch: 1,
  parentHash: '',
  hash: HASH,
  replicationFactor: 3,
  readQuorum: 2,
  writeQuorum: 2,
  durability: 'sync',
  buckets: [],
  members: NAMES.map((name, member) => ({ nodeId: idOf(member), name, zone: 'default' })),
  partitions: Array.from({ length: PARTITIONS }, (_, partition) => ({
    lastChanged: 1,
    owners: NAMES.map((_, slot) => (partition + slot) % NAMES.length),
  })),
};
