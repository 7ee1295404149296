import type { ClusterMap, NodeId } from './view';

/** A piece of the ring, in turns: 0 is at the top, 0.25 at three o'clock. */
export interface Arc {
  readonly from: number;
  readonly to: number;
}

export interface Slots {
  /** Partitions whose first slot it has. */
  readonly primaries: number;
  /** All its slots, the first ones included. */
  readonly all: number;
}

export interface Band {
  readonly centre: number;
  readonly inner: number;
  readonly outer: number;
}

/** For each member that has a first slot the arcs of these partitions, in ring order; neighbours are one arc. */
export function primaryArcs(map: ClusterMap): ReadonlyMap<NodeId, readonly Arc[]> {
  const arcs = new Map<NodeId, Arc[]>();
  const count = map.owners.length;
  let start = 0;
  while (start < count) {
    const primary = map.owners[start]?.[0] ?? -1;
    let end = start + 1;
    while (end < count && map.owners[end]?.[0] === primary) end++;
    const member = map.members[primary];
    if (member !== undefined) {
      const own = arcs.get(member.nodeId) ?? [];
      own.push({ from: start / count, to: end / count });
      arcs.set(member.nodeId, own);
    }
    start = end;
  }
  return arcs;
}

/** One figure for all of them, as an SVG path has it: however many partitions there are, a member is one element. */
export function arcsPath(arcs: readonly Arc[], band: Band): string {
  return arcs
    .flatMap(halves)
    .map((arc) => arcPath(arc, band))
    .join('');
}

/** SVG draws no arc whose ends meet. */
function halves(arc: Arc): readonly Arc[] {
  const middle = (arc.from + arc.to) / 2;
  return arc.to - arc.from <= 0.5
    ? [arc]
    : [
        { from: arc.from, to: middle },
        { from: middle, to: arc.to },
      ];
}

function arcPath({ from, to }: Arc, { centre, inner, outer }: Band): string {
  const at = (turn: number, radius: number) => {
    const angle = 2 * Math.PI * turn;
    return `${rounded(centre + radius * Math.sin(angle))} ${rounded(centre - radius * Math.cos(angle))}`;
  };
  const outwards = `M${at(from, outer)}A${outer} ${outer} 0 0 1 ${at(to, outer)}`;
  return `${outwards}L${at(to, inner)}A${inner} ${inner} 0 0 0 ${at(from, inner)}Z`;
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

/** In the order of the map's members. */
export function slotsOf(map: ClusterMap): ReadonlyMap<NodeId, Slots> {
  const primaries = map.members.map(() => 0);
  const all = map.members.map(() => 0);
  for (const owners of map.owners) {
    owners.forEach((owner, slot) => {
      all[owner] = (all[owner] ?? 0) + 1;
      if (slot === 0) primaries[owner] = (primaries[owner] ?? 0) + 1;
    });
  }
  return new Map(
    map.members.map(({ nodeId }, position) => [
      nodeId,
      { primaries: primaries[position] ?? 0, all: all[position] ?? 0 },
    ]),
  );
}
