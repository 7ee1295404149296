/** What is drawn of a board: everything counted and sorted, so that the elements only say it. */
import type { Board } from './board';
import { opinionsOf, verdictOn, viewersIn } from './board';
import type { Slots } from './ring';
import { slotsOf } from './ring';
import type { Segment } from './timeLine';
import { segmentsOf } from './timeLine';
import type { Opinion, Verdict } from './verdict';
import type { ClusterMap, Member, NodeId } from './view';
import { nameOf } from './view';

export interface Keeper {
  readonly name: string;
  readonly hints: number;
}

export interface MemberPicture {
  readonly member: Member;
  /** Its place in the map, which gives it its colour. */
  readonly position: number;
  readonly verdict: Verdict;
  readonly opinions: readonly Opinion[];
  /** How old its own answer is; null if there is none. */
  readonly answerAgeMillis: number | null;
  /** Who keeps writes for it until it has got them, and how many. */
  readonly keepers: readonly Keeper[];
  readonly hintsWaiting: number;
  readonly slots: Slots;
  readonly timeLine: readonly Segment[];
}

/** A map, and the names of the nodes that serve by it. */
export interface ServedMap {
  readonly term: number;
  readonly epoch: number;
  readonly hash: string;
  readonly viewers: readonly string[];
}

export interface Picture {
  readonly map: ClusterMap;
  readonly members: readonly MemberPicture[];
  /** The newest first; more than one while a map spreads, or when nodes have different ones for good. */
  readonly maps: readonly ServedMap[];
  readonly viewers: readonly { readonly name: string; readonly ageMillis: number }[];
  readonly trouble: string | null;
}

export function pictureOf(board: Board, nowMillis: number): Picture | null {
  const { map } = board;
  if (map === null) return null;
  const slots = slotsOf(map);
  return {
    map,
    members: map.members.map((member, position) =>
      memberPicture(board, { member, position, slots }, nowMillis),
    ),
    maps: servedMaps(board, map),
    viewers: viewersIn(board).map(({ view, atMillis }) => ({
      name: nameOf(view.map, view.self),
      ageMillis: nowMillis - atMillis,
    })),
    trouble: board.trouble,
  };
}

function memberPicture(
  board: Board,
  of: { member: Member; position: number; slots: ReadonlyMap<NodeId, Slots> },
  nowMillis: number,
): MemberPicture {
  const { nodeId } = of.member;
  const own = board.views.get(nodeId);
  const keepers = keepersFor(board, nodeId);
  return {
    member: of.member,
    position: of.position,
    verdict: verdictOn(board, nodeId, nowMillis),
    opinions: opinionsOf(board, nodeId, nowMillis),
    answerAgeMillis: own === undefined ? null : nowMillis - own.atMillis,
    keepers,
    hintsWaiting: keepers.reduce((sum, { hints }) => sum + hints, 0),
    slots: of.slots.get(nodeId) ?? { primaries: 0, all: 0 },
    timeLine: segmentsOf(board.samples, nodeId, nowMillis),
  };
}

/** Each node counts what it keeps itself, so the sum counts nothing twice. */
function keepersFor(board: Board, nodeId: NodeId): readonly Keeper[] {
  return viewersIn(board)
    .map(({ view }) => ({
      name: nameOf(view.map, view.self),
      hints: view.beliefs.get(nodeId)?.hintsWaiting ?? 0,
    }))
    .filter(({ hints }) => hints > 0);
}

function servedMaps(board: Board, newest: ClusterMap): readonly ServedMap[] {
  const byHash = new Map<string, { map: ClusterMap; viewers: string[] }>([
    [newest.hash, { map: newest, viewers: [] }],
  ]);
  for (const { view } of viewersIn(board)) {
    const served = byHash.get(view.map.hash) ?? { map: view.map, viewers: [] };
    byHash.set(view.map.hash, served);
    served.viewers.push(nameOf(view.map, view.self));
  }
  return [...byHash.values()]
    .map(({ map: { term, epoch, hash }, viewers }) => ({ term, epoch, hash, viewers }))
    .sort((a, b) => b.term - a.term || b.epoch - a.epoch || (a.hash < b.hash ? 1 : -1));
}
