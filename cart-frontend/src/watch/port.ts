import type { ClusterView } from '../cluster';

export type ViewOutcome =
  | { readonly kind: 'answered'; readonly view: ClusterView }
  /** In words for people. */
  | { readonly kind: 'failed'; readonly why: string };
