/**
 * The pile of toasts, as a pure value. Equal messages are one toast with a count, so a store that fails every few
 * seconds does not bury the page; and a failure that a person has waved away stays away until something goes well.
 */
export interface Message {
  /** Messages with one key are the same message. */
  readonly key: string;
  readonly tone: Tone;
  readonly title: string;
  readonly detail: string | null;
  /** The request id, for whoever looks into it. */
  readonly reference: string | null;
  /** Nobody asked for what went wrong: a person who waved it away need not hear it again. */
  readonly quiet: boolean;
}

export type Tone = 'good' | 'info' | 'merge' | 'bad';

export interface Toast extends Message {
  readonly id: number;
  readonly count: number;
  readonly lifeMillis: number;
}

export interface Toasts {
  readonly shown: readonly Toast[];
  readonly muted: ReadonlySet<string>;
  readonly nextId: number;
}

export const SHOWN_MAX = 4;

const LIFE_MILLIS: Readonly<Record<Tone, number>> = { good: 4_000, info: 6_000, merge: 10_000, bad: 14_000 };
/** A failure that is over stays long enough to be read. */
const RESOLVED_LIFE_MILLIS = 5_000;

export const NO_TOASTS: Toasts = { shown: [], muted: new Set(), nextId: 1 };

export function raise(toasts: Toasts, message: Message): Toasts {
  if (message.quiet && toasts.muted.has(message.key)) return toasts;
  const before = message.tone === 'good' ? resolved(toasts) : toasts;
  const same = before.shown.find((toast) => toast.key === message.key);
  const toast: Toast = {
    ...message,
    id: before.nextId,
    count: (same?.count ?? 0) + 1,
    lifeMillis: LIFE_MILLIS[message.tone],
  };
  const others = before.shown.filter((each) => each !== same);
  return { ...before, shown: fitting([...others, toast]), nextId: before.nextId + 1 };
}

/** A person waves a toast away. */
export function dismiss(toasts: Toasts, id: number): Toasts {
  const toast = toasts.shown.find((each) => each.id === id);
  if (toast === undefined) return toasts;
  const muted = toast.tone === 'bad' ? new Set([...toasts.muted, toast.key]) : toasts.muted;
  return { ...expire(toasts, id), muted };
}

/** Its time is up. */
export function expire(toasts: Toasts, id: number): Toasts {
  return { ...toasts, shown: toasts.shown.filter((each) => each.id !== id) };
}

function resolved(toasts: Toasts): Toasts {
  const shown = toasts.shown.map((toast) =>
    toast.tone === 'bad' && toast.lifeMillis !== RESOLVED_LIFE_MILLIS
      ? { ...toast, lifeMillis: RESOLVED_LIFE_MILLIS }
      : toast,
  );
  return { ...toasts, shown, muted: new Set() };
}

/** The oldest of the harmless goes first. */
function fitting(shown: readonly Toast[]): readonly Toast[] {
  if (shown.length <= SHOWN_MAX) return shown;
  const leaving = shown.find((toast) => toast.tone === 'good' || toast.tone === 'info') ?? shown[0];
  return shown.filter((toast) => toast !== leaving);
}
