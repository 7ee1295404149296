/**
 * What the page knows: the newest view of each node that answered. A balancer lets a different node answer each time, so
 * one answer is never the whole; and an old one is worth nothing, because its node may be dead.
 */
import type { Sample } from './timeLine';
import { withSample } from './timeLine';
import type { Opinion, Verdict } from './verdict';
import { verdictOf } from './verdict';
import type { ClusterMap, ClusterView, NodeId } from './view';
import { nameOf } from './view';

/** A view that is older is dropped. */
export const VIEW_AGE_MILLIS_MAX = 10_000;

export interface DatedView {
  readonly view: ClusterView;
  readonly atMillis: number;
}

export interface Board {
  readonly views: ReadonlyMap<NodeId, DatedView>;
  /** The newest map of these views; the last one known when there are none any more. */
  readonly map: ClusterMap | null;
  /** Why the last question was not answered; null if it was. */
  readonly trouble: string | null;
  readonly samples: readonly Sample[];
}

export const EMPTY_BOARD: Board = { views: new Map(), map: null, trouble: null, samples: [] };

export function answered(board: Board, view: ClusterView, nowMillis: number): Board {
  const views = new Map(fresh(board.views, nowMillis)).set(view.self, {
    view: { ...view, map: sameMap(board, view.map) },
    atMillis: nowMillis,
  });
  return sampled({ ...board, views, map: newestMap(views) ?? board.map, trouble: null }, nowMillis);
}

export function failed(board: Board, trouble: string, nowMillis: number): Board {
  const views = fresh(board.views, nowMillis);
  return sampled({ ...board, views, map: newestMap(views) ?? board.map, trouble }, nowMillis);
}

/** Who said what of this member, in the order of the map; the member itself is not asked. */
export function opinionsOf(board: Board, nodeId: NodeId, nowMillis: number): readonly Opinion[] {
  return viewersIn(board)
    .filter(({ view }) => view.self !== nodeId)
    .flatMap(({ view, atMillis }) => {
      const belief = view.beliefs.get(nodeId);
      if (belief === undefined) return [];
      const viewerName = nameOf(view.map, view.self);
      return [{ viewer: view.self, viewerName, liveness: belief.liveness, ageMillis: nowMillis - atMillis }];
    });
}

export function verdictOn(board: Board, nodeId: NodeId, nowMillis: number): Verdict {
  return verdictOf(opinionsOf(board, nodeId, nowMillis), board.views.has(nodeId));
}

/** The views that are left, in the order of the newest map; nodes that are no members of it last. */
export function viewersIn(board: Board): readonly DatedView[] {
  const order = new Map(board.map?.members.map(({ nodeId }, position) => [nodeId, position]));
  const place = ({ view }: DatedView) => order.get(view.self) ?? order.size;
  return [...board.views.values()].sort((a, b) => place(a) - place(b));
}

function fresh(views: ReadonlyMap<NodeId, DatedView>, nowMillis: number): ReadonlyMap<NodeId, DatedView> {
  return new Map([...views].filter(([, { atMillis }]) => nowMillis - atMillis <= VIEW_AGE_MILLIS_MAX));
}

/** The object that is there already, so that what is drawn of it need not be drawn again. */
function sameMap(board: Board, map: ClusterMap): ClusterMap {
  const known = [board.map, ...[...board.views.values()].map(({ view }) => view.map)];
  return known.find((each) => each !== null && each.hash === map.hash) ?? map;
}

function newestMap(views: ReadonlyMap<NodeId, DatedView>): ClusterMap | null {
  let newest: ClusterMap | null = null;
  for (const { view } of views.values()) {
    if (newest === null || isNewer(view.map, newest)) newest = view.map;
  }
  return newest;
}

/** By term and epoch (rule M1). Two maps of one epoch are an alarm; then any order will do, if it is always the same. */
function isNewer(map: ClusterMap, other: ClusterMap): boolean {
  if (map.term !== other.term) return map.term > other.term;
  if (map.epoch !== other.epoch) return map.epoch > other.epoch;
  return map.hash > other.hash;
}

function sampled(board: Board, nowMillis: number): Board {
  if (board.map === null) return board;
  const verdicts = new Map(
    board.map.members.map(({ nodeId }) => [nodeId, verdictOn(board, nodeId, nowMillis)]),
  );
  return { ...board, samples: withSample(board.samples, { atMillis: nowMillis, verdicts }) };
}
