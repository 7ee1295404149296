/**
 * Asks every second while somebody looks, one question at a time, and keeps the board. Knows nothing of browsers: clock,
 * timers and the question are ports.
 */
import type { Board } from '../cluster';
import { answered, EMPTY_BOARD, failed } from '../cluster';
import type { ViewOutcome } from './port';

/** From the beginning of one question to that of the next. */
export const WATCH_MILLIS = 1_000;

export interface WatchPorts {
  readonly read: () => Promise<ViewOutcome>;
  /** A clock that is never put back. */
  readonly nowMillis: () => number;
  /** Calls back once. */
  readonly schedule: (callback: () => void, afterMillis: number) => void;
  /** Whether the page can be seen. */
  readonly isLookedAt: () => boolean;
}

export interface WatchState {
  readonly board: Board;
  /** When the board was last changed: ages are told as of then. */
  readonly nowMillis: number;
}

export interface Watch {
  readonly state: () => WatchState;
  readonly subscribe: (listener: () => void) => () => void;
  /** To be called at the start, and when the page can be seen again. While it asks anyway this changes nothing. */
  readonly look: () => void;
}

export function createWatch(ports: WatchPorts): Watch {
  let state: WatchState = { board: EMPTY_BOARD, nowMillis: ports.nowMillis() };
  let isAsking = false;
  const listeners = new Set<() => void>();

  function look(): void {
    if (isAsking) return;
    isAsking = true;
    ask();
  }

  function ask(): void {
    if (!ports.isLookedAt()) {
      isAsking = false;
      return;
    }
    const askedAtMillis = ports.nowMillis();
    void ports.read().then((outcome) => {
      take(outcome);
      ports.schedule(ask, Math.max(0, askedAtMillis + WATCH_MILLIS - ports.nowMillis()));
    });
  }

  function take(outcome: ViewOutcome): void {
    const nowMillis = ports.nowMillis();
    const board =
      outcome.kind === 'answered'
        ? answered(state.board, outcome.view, nowMillis)
        : failed(state.board, outcome.why, nowMillis);
    state = { board, nowMillis };
    for (const listener of listeners) listener();
  }

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    look,
  };
}
