import type { Message, Toasts } from './toasts';
import { dismiss, expire, NO_TOASTS, raise } from './toasts';

export interface ToastStore {
  readonly toasts: () => Toasts;
  readonly subscribe: (listener: () => void) => () => void;
  readonly raise: (message: Message) => void;
  readonly dismiss: (id: number) => void;
  /** While someone reads, nothing goes away. */
  readonly hold: () => void;
  readonly release: () => void;
}

/** The pile and its clocks. */
export function createToastStore(): ToastStore {
  let toasts = NO_TOASTS;
  let held = false;
  const listeners = new Set<() => void>();
  const timers = new Map<number, { readonly lifeMillis: number; readonly timer: number }>();

  function change(next: Toasts): void {
    if (next === toasts) return;
    toasts = next;
    keepTime();
    for (const listener of listeners) listener();
  }

  function keepTime(): void {
    const lives = new Map(held ? [] : toasts.shown.map((toast) => [toast.id, toast.lifeMillis]));
    for (const [id, { lifeMillis, timer }] of timers) {
      if (lives.get(id) === lifeMillis) continue;
      window.clearTimeout(timer);
      timers.delete(id);
    }
    for (const [id, lifeMillis] of lives) {
      if (timers.has(id)) continue;
      timers.set(id, { lifeMillis, timer: window.setTimeout(() => change(expire(toasts, id)), lifeMillis) });
    }
  }

  function holding(value: boolean): void {
    held = value;
    keepTime();
  }

  return {
    toasts: () => toasts,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    raise: (message) => change(raise(toasts, message)),
    dismiss: (id) => change(dismiss(toasts, id)),
    hold: () => holding(true),
    release: () => holding(false),
  };
}
