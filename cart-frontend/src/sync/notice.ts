import type { Edit } from './edit';
import type { Failure } from './port';

/** What is worth telling a person. The machine says what happened; words and colours are chosen elsewhere. */
export type Notice =
  /** A read that a person waits for went well. */
  | { readonly kind: 'loaded'; readonly found: boolean }
  /** A quiet read brought changes made elsewhere; `withUnsaved` when they met changes of this page. */
  | { readonly kind: 'updated'; readonly withUnsaved: boolean }
  | { readonly kind: 'merged'; readonly versions: number }
  /** `edits` changes are in the store; 0 when what was written is a merge only. */
  | {
      readonly kind: 'saved';
      readonly edits: number;
      readonly last: Edit | null;
      readonly confirmed: boolean;
    }
  /** The store works again after failures, and there is nothing else to say. */
  | { readonly kind: 'recovered' }
  | { readonly kind: 'readFailed'; readonly failure: Failure; readonly quiet: boolean }
  | { readonly kind: 'writeFailed'; readonly failure: Failure }
  /** A version of the cart cannot be understood, so it cannot be merged and must not be overwritten. */
  | { readonly kind: 'unreadable'; readonly reason: string }
  | { readonly kind: 'editRefused'; readonly reason: string };
