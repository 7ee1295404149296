/**
 * What this layer needs of a store, said without HTTP. `store/` implements it. Its contract: a call never throws
 * and always ends within a bound; every way it can go wrong is one of the failures below.
 */
export interface CartStore {
  read(cartId: string): Promise<ReadOutcome>;
  /** The cart's text replaces every version that `context` covers; without one it is a version beside them. */
  write(cartId: string, text: string, context: string | null): Promise<WriteOutcome>;
}

export type ReadOutcome =
  | { readonly kind: 'found'; readonly versions: readonly Version[]; readonly context: string | null }
  | { readonly kind: 'absent'; readonly context: string | null }
  | { readonly kind: 'failed'; readonly failure: Failure };

export type WriteOutcome =
  /** A context only when the store now holds this one version; otherwise it must be read again. */
  | { readonly kind: 'written'; readonly context: string | null }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** One version's text, or why its bytes are no text. */
export type Version =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'garbled'; readonly reason: string };

export type FailureKind =
  /** Nothing was stored; trying again later is right. */
  | 'refused'
  /** Nothing was stored, and the same request would be turned down again. */
  | 'rejected'
  /** Nothing was stored: too many versions lie side by side. Reading and merging them helps. */
  | 'crowded'
  /** Nothing was stored: the store no longer knows the context. Reading again gives a new one. */
  | 'expired'
  /** The store says it does not know whether a write was stored. */
  | 'unknown'
  /** No answer in time; a write may have been stored. */
  | 'timeout'
  /** No connection; a write may have been stored if the connection broke late. */
  | 'unreachable'
  /** An answer that makes no sense. */
  | 'garbled';

export interface Failure {
  readonly kind: FailureKind;
  /** Text from outside: to be shown, never to be interpreted. */
  readonly title: string;
  readonly detail: string | null;
  readonly status: number | null;
  readonly requestId: string | null;
  readonly votesNeeded: number | null;
  readonly votesReceived: number | null;
  readonly retryAfterMillis: number | null;
}
