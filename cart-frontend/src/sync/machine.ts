/**
 * Keeps one cart and its store in step. Pure: events in, a new state and effects out; time and chance arrive with
 * the events. At most one request is under way. The page edits `local` at once; the machine reads before it first
 * writes, and writes as long as `local` has something that the store was not seen to have.
 *
 * The rule that must hold (invariant W): a write carries the context of the last read or write, and its cart
 * includes every version that was read under that context. Without it a write would wipe out a version that nobody
 * here has merged. It holds because `base` pairs a context with what it covers, and `local` always includes `base`.
 *
 * Why a write of unknown outcome is followed by a read, in numbers: (1) we write X under context C and hear 504;
 * (2) some replicas stored X, so the store's context is now C'; (3) writing X+Y under C would leave X and X+Y side
 * by side for good measure; (4) reading first tells us whether X is there and gives us C'. If X arrives even later
 * it becomes one more version, and the next read merges it: it is included in `local` already.
 */
import type { Actor, Cart } from '../cart';
import { empty, equal, includes, merge, parse } from '../cart';
import { backoffMillis } from './backoff';
import type { Edit } from './edit';
import { applyEdit } from './edit';
import type { Notice } from './notice';
import type { Failure, ReadOutcome, Version, WriteOutcome } from './port';

export interface SyncState {
  /** What the page shows: everything read so far and everything done here. */
  readonly local: Cart;
  readonly base: Base;
  readonly activity: Activity;
  /** A read that was asked for while something else was under way. */
  readonly queuedRead: ReadReason | null;
  /** True while a failed request waits for its next try. */
  readonly waiting: boolean;
  readonly failuresInRow: number;
  /** What went wrong last, until something goes well. */
  readonly trouble: Trouble | null;
  readonly unsaved: Unsaved;
  /** Why the stored cart cannot be understood; then nothing is edited or written. */
  readonly unreadable: string | null;
  readonly mergeNote: MergeNote | null;
  readonly lastSyncedAtMillis: number | null;
}

/** What the store is known to hold. */
export type Base =
  | { readonly kind: 'unread' }
  /** The store may have moved on in a way we caused or must look at: read before writing. */
  | { readonly kind: 'stale' }
  | {
      readonly kind: 'known';
      readonly cart: Cart;
      readonly context: string | null;
      readonly versions: number;
    };

export type Activity =
  | { readonly kind: 'idle' }
  | { readonly kind: 'reading'; readonly reason: ReadReason }
  | { readonly kind: 'writing'; readonly cart: Cart; readonly edits: Unsaved };

/** Who asked: the page as it opens, a person, the clock, or the machine itself before it writes on. */
export type ReadReason = 'start' | 'user' | 'quiet' | 'needed';
/** No connection; not available now; a write may or may not be stored; a write will not be taken as it is. */
export type Trouble = 'offline' | 'refused' | 'unknown' | 'rejected';

export interface Unsaved {
  readonly count: number;
  readonly last: Edit | null;
}

export interface MergeNote {
  readonly versions: number;
  readonly atMillis: number;
}

export type SyncEvent =
  /** `draft` is what an earlier visit could not save. */
  | { readonly kind: 'started'; readonly draft: Cart | null }
  | { readonly kind: 'edited'; readonly edit: Edit; readonly actor: Actor }
  | { readonly kind: 'refreshed'; readonly by: 'user' | 'focus' | 'clock' }
  | { readonly kind: 'woke' }
  | { readonly kind: 'noteDismissed' }
  | ({ readonly kind: 'readAnswered'; readonly outcome: ReadOutcome } & Moment)
  | ({ readonly kind: 'writeAnswered'; readonly outcome: WriteOutcome } & Moment);

interface Moment {
  readonly nowMillis: number;
  readonly chance: number;
}

export type SyncEffect =
  | { readonly kind: 'read' }
  | { readonly kind: 'write'; readonly cart: Cart; readonly context: string | null }
  /** Replaces an earlier one. */
  | { readonly kind: 'wake'; readonly afterMillis: number }
  | { readonly kind: 'tell'; readonly notice: Notice };

export interface Step {
  readonly state: SyncState;
  readonly effects: readonly SyncEffect[];
}

const NOTHING_UNSAVED: Unsaved = { count: 0, last: null };
const IDLE: Activity = { kind: 'idle' };

export function initial(): SyncState {
  return {
    local: empty(),
    base: { kind: 'unread' },
    activity: IDLE,
    queuedRead: null,
    waiting: false,
    failuresInRow: 0,
    trouble: null,
    unsaved: NOTHING_UNSAVED,
    unreadable: null,
    mergeNote: null,
    lastSyncedAtMillis: null,
  };
}

export function on(state: SyncState, event: SyncEvent): Step {
  switch (event.kind) {
    case 'started':
      return onStarted(state, event.draft);
    case 'edited':
      return onEdited(state, event.edit, event.actor);
    case 'refreshed':
      return onRefreshed(state, event.by);
    case 'woke':
      return proceed({ ...state, waiting: false });
    case 'noteDismissed':
      return { state: { ...state, mergeNote: null }, effects: [] };
    case 'readAnswered':
      return onReadAnswered(state, event.outcome, event);
    case 'writeAnswered':
      return onWriteAnswered(state, event.outcome, event);
  }
}

/** True when the page holds something that the store was not yet seen to have. */
export function hasUnsaved(state: SyncState): boolean {
  return state.unsaved.count > 0 || mustWrite(state);
}

function onStarted(state: SyncState, draft: Cart | null): Step {
  const unsaved: Unsaved = draft === null ? NOTHING_UNSAVED : { count: 1, last: { kind: 'restored' } };
  return proceed({
    ...state,
    local: draft === null ? state.local : merge(state.local, draft),
    unsaved,
    queuedRead: 'start',
  });
}

function onEdited(state: SyncState, edit: Edit, actor: Actor): Step {
  if (state.unreadable !== null) {
    return { state, effects: [tell({ kind: 'editRefused', reason: 'This cart is read-only.' })] };
  }
  const edited = applyEdit(state.local, actor, edit);
  switch (edited.kind) {
    case 'unchanged':
      return { state, effects: [] };
    case 'refused':
      return { state, effects: [tell({ kind: 'editRefused', reason: edited.reason })] };
    case 'changed':
      return proceed({
        ...state,
        local: edited.cart,
        unsaved: { count: state.unsaved.count + 1, last: edit },
        // A rejected write would be rejected again; a changed one may fit.
        trouble: state.trouble === 'rejected' ? null : state.trouble,
      });
  }
}

function onRefreshed(state: SyncState, by: 'user' | 'focus' | 'clock'): Step {
  // The clock does not cut a wait short, and has nothing to add to a request that is under way.
  if (by === 'clock' && (state.waiting || state.activity.kind !== 'idle')) return { state, effects: [] };
  const asked = by === 'user' ? 'user' : 'quiet';
  return proceed({
    ...state,
    waiting: false,
    queuedRead: state.queuedRead === 'start' || state.queuedRead === 'user' ? state.queuedRead : asked,
    trouble: by === 'user' && state.trouble === 'rejected' ? null : state.trouble,
  });
}

function onReadAnswered(state: SyncState, outcome: ReadOutcome, moment: Moment): Step {
  if (state.activity.kind !== 'reading') throw new Error(`an answer to a read while ${state.activity.kind}`);
  const reason = state.activity.reason;
  const idle: SyncState = { ...state, activity: IDLE };
  switch (outcome.kind) {
    case 'failed':
      return onReadFailed(idle, reason, outcome.failure, moment);
    case 'absent':
      return onVersions(idle, reason, [], outcome.context, moment);
    case 'found':
      return onVersions(idle, reason, outcome.versions, outcome.context, moment);
  }
}

function onReadFailed(state: SyncState, reason: ReadReason, failure: Failure, moment: Moment): Step {
  const step = later({ ...state, trouble: troubleOfRead(state.trouble, failure) }, failure, moment);
  return withNotices(step, [{ kind: 'readFailed', failure, quiet: reason === 'quiet' }]);
}

function onVersions(
  state: SyncState,
  reason: ReadReason,
  versions: readonly Version[],
  context: string | null,
  moment: Moment,
): Step {
  const { cart, unreadable } = readVersions(versions);
  const local = merge(state.local, cart);
  if (unreadable !== null) return onUnreadable({ ...state, local }, unreadable, moment);

  const saved = includes(cart, local);
  const next: SyncState = {
    ...succeeded(state, moment),
    local,
    base: { kind: 'known', cart, context, versions: versions.length },
    unsaved: saved ? NOTHING_UNSAVED : state.unsaved,
    // What was rejected stays rejected until it is changed, however well reading works.
    trouble: state.trouble === 'rejected' && !saved ? 'rejected' : null,
    unreadable: null,
    mergeNote:
      versions.length > 1 ? { versions: versions.length, atMillis: moment.nowMillis } : state.mergeNote,
  };
  const notices = noticesOfRead(state, next, reason, versions.length);
  return withNotices(proceed(next), notices);
}

function noticesOfRead(before: SyncState, after: SyncState, reason: ReadReason, versions: number): Notice[] {
  const notices: Notice[] = [];
  const asked = reason === 'start' || reason === 'user';
  if (versions > 1) notices.push({ kind: 'merged', versions });
  else if (asked) notices.push({ kind: 'loaded', found: versions > 0 });
  else if (!equal(before.local, after.local)) {
    notices.push({ kind: 'updated', withUnsaved: before.unsaved.count > 0 });
  }
  if (before.unsaved.count > 0 && after.unsaved.count === 0) {
    const { count, last } = before.unsaved;
    notices.push({ kind: 'saved', edits: count, last, confirmed: true });
  }
  if (notices.length === 0 && before.failuresInRow > 0) notices.push({ kind: 'recovered' });
  return notices;
}

function onUnreadable(state: SyncState, reason: string, moment: Moment): Step {
  const known = state.unreadable === reason;
  return {
    state: { ...succeeded(state, moment), base: { kind: 'stale' }, trouble: null, unreadable: reason },
    effects: known ? [] : [tell({ kind: 'unreadable', reason })],
  };
}

function onWriteAnswered(state: SyncState, outcome: WriteOutcome, moment: Moment): Step {
  if (state.activity.kind !== 'writing') throw new Error(`an answer to a write while ${state.activity.kind}`);
  const { cart, edits } = state.activity;
  const idle: SyncState = { ...state, activity: IDLE };
  if (outcome.kind === 'failed') return onWriteFailed(idle, outcome.failure, moment);

  const next: SyncState = {
    ...succeeded(idle, moment),
    base:
      outcome.context === null
        ? { kind: 'stale' }
        : { kind: 'known', cart, context: outcome.context, versions: 1 },
    unsaved: without(state.unsaved, edits),
    trouble: null,
  };
  return withNotices(proceed(next), [
    { kind: 'saved', edits: edits.count, last: edits.last, confirmed: false },
  ]);
}

function onWriteFailed(state: SyncState, failure: Failure, moment: Moment): Step {
  // Only a refusal leaves the store and our context as they were.
  const base: Base = failure.kind === 'refused' ? state.base : { kind: 'stale' };
  const step = later({ ...state, base, trouble: troubleOfWrite(failure) }, failure, moment);
  return withNotices(step, [{ kind: 'writeFailed', failure }]);
}

/** Starts the next request if there is one to start. */
function proceed(state: SyncState): Step {
  if (state.activity.kind !== 'idle' || state.waiting) return { state, effects: [] };
  const reason = state.queuedRead ?? (mustRead(state) ? 'needed' : null);
  if (reason !== null) {
    return {
      state: { ...state, activity: { kind: 'reading', reason }, queuedRead: null },
      effects: [{ kind: 'read' }],
    };
  }
  if (!mustWrite(state) || state.trouble === 'rejected' || state.base.kind !== 'known') {
    return { state, effects: [] };
  }
  const { local, unsaved, base } = state;
  return {
    state: { ...state, activity: { kind: 'writing', cart: local, edits: unsaved } },
    effects: [{ kind: 'write', cart: local, context: base.context }],
  };
}

function mustRead(state: SyncState): boolean {
  if (state.unreadable !== null) return false;
  return state.base.kind === 'unread' || (state.base.kind === 'stale' && state.trouble !== 'rejected');
}

function mustWrite(state: SyncState): boolean {
  if (state.unreadable !== null) return false;
  if (state.base.kind !== 'known') return state.unsaved.count > 0;
  return state.base.versions > 1 || !includes(state.base.cart, state.local);
}

/** After a failure: nothing starts before the next wake, or before a person or the focus asks. */
function later(state: SyncState, failure: Failure, moment: Moment): Step {
  const failuresInRow = state.failuresInRow + 1;
  const afterMillis = backoffMillis(failuresInRow, moment.chance, failure.retryAfterMillis);
  return {
    state: { ...state, failuresInRow, waiting: true },
    effects: [{ kind: 'wake', afterMillis }],
  };
}

function succeeded(state: SyncState, moment: Moment): SyncState {
  return { ...state, failuresInRow: 0, waiting: false, lastSyncedAtMillis: moment.nowMillis };
}

function readVersions(versions: readonly Version[]): { cart: Cart; unreadable: string | null } {
  let cart = empty();
  let unreadable: string | null = null;
  for (const version of versions) {
    const parsed =
      version.kind === 'text' ? parse(version.text) : { ok: false as const, reason: version.reason };
    if (parsed.ok) cart = merge(cart, parsed.cart);
    else unreadable ??= parsed.reason;
  }
  return { cart, unreadable };
}

function without(unsaved: Unsaved, written: Unsaved): Unsaved {
  const count = unsaved.count - written.count;
  return count <= 0 ? NOTHING_UNSAVED : { count, last: unsaved.last };
}

/** A read that fails leaves open what it was to clear up: whether the last write was stored, or why it was not. */
function troubleOfRead(before: Trouble | null, failure: Failure): Trouble {
  if (before === 'unknown' || before === 'rejected') return before;
  return failure.kind === 'unreachable' ? 'offline' : 'refused';
}

function troubleOfWrite(failure: Failure): Trouble {
  switch (failure.kind) {
    case 'unreachable':
      return 'offline';
    case 'refused':
    case 'crowded':
    case 'expired':
      return 'refused';
    case 'rejected':
      return 'rejected';
    case 'unknown':
    case 'timeout':
    case 'garbled':
      return 'unknown';
  }
}

function tell(notice: Notice): SyncEffect {
  return { kind: 'tell', notice };
}

function withNotices(step: Step, notices: readonly Notice[]): Step {
  return { state: step.state, effects: [...notices.map(tell), ...step.effects] };
}
