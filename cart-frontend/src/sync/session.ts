/**
 * The shell round the machine: it feeds events in and carries effects out, and knows nothing of browsers; clock,
 * chance, timers and storage are ports. One session serves one cart for one page load.
 */
import type { Actor, Cart } from '../cart';
import { serialise } from '../cart';
import type { Edit } from './edit';
import type { SyncEffect, SyncEvent, SyncState } from './machine';
import { hasUnsaved, initial, on } from './machine';
import type { Notice } from './notice';
import type { CartStore } from './port';

export interface SessionPorts {
  readonly cartId: string;
  /** This page load's own actor: random, never stored, never used again. */
  readonly actor: Actor;
  readonly store: CartStore;
  readonly drafts: Drafts;
  readonly nowMillis: () => number;
  /** From 0 to 1. */
  readonly chance: () => number;
  /** Calls back once; the answer cancels it. */
  readonly schedule: (callback: () => void, afterMillis: number) => () => void;
  readonly tell: (notice: Notice) => void;
}

/** Where unsaved changes outlive the page. Loss is bearable, so neither call throws. */
export interface Drafts {
  load(): Cart | null;
  keep(cart: Cart): void;
  /** Everything that `load` or `keep` knew is in the store now. */
  drop(): void;
}

export interface CartSession {
  readonly cartId: string;
  readonly state: () => SyncState;
  readonly subscribe: (listener: () => void) => () => void;
  readonly start: () => void;
  readonly edit: (edit: Edit) => void;
  readonly refresh: (by: 'user' | 'focus' | 'clock') => void;
  readonly dismissNote: () => void;
}

export function openSession(ports: SessionPorts): CartSession {
  let state = initial();
  let cancelWake: (() => void) | null = null;
  let hasDraft = false;
  const listeners = new Set<() => void>();

  function dispatch(event: SyncEvent): void {
    const before = state;
    const step = on(state, event);
    state = step.state;
    keepDraft(before);
    for (const effect of step.effects) perform(effect);
    for (const listener of listeners) listener();
  }

  function keepDraft(before: SyncState): void {
    const unsaved = hasUnsaved(state);
    if (unsaved && state.unsaved.count > 0 && state.local !== before.local) ports.drafts.keep(state.local);
    if (!unsaved && hasDraft) ports.drafts.drop();
    hasDraft = unsaved;
  }

  function perform(effect: SyncEffect): void {
    switch (effect.kind) {
      case 'read':
        void ports.store.read(ports.cartId).then((outcome) => {
          dispatch({ kind: 'readAnswered', outcome, nowMillis: ports.nowMillis(), chance: ports.chance() });
        });
        break;
      case 'write':
        void ports.store.write(ports.cartId, serialise(effect.cart), effect.context).then((outcome) => {
          dispatch({ kind: 'writeAnswered', outcome, nowMillis: ports.nowMillis(), chance: ports.chance() });
        });
        break;
      case 'wake':
        cancelWake?.();
        cancelWake = ports.schedule(() => dispatch({ kind: 'woke' }), effect.afterMillis);
        break;
      case 'tell':
        ports.tell(effect.notice);
        break;
    }
  }

  return {
    cartId: ports.cartId,
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: () => dispatch({ kind: 'started', draft: ports.drafts.load() }),
    edit: (edit) => dispatch({ kind: 'edited', edit, actor: ports.actor }),
    refresh: (by) => dispatch({ kind: 'refreshed', by }),
    dismissNote: () => dispatch({ kind: 'noteDismissed' }),
  };
}
