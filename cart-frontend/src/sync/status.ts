import type { SyncState } from './machine';
import { hasUnsaved } from './machine';

/** The one word that the status strip shows. */
export type SyncStatus =
  'loading' | 'saved' | 'saving' | 'offline' | 'refused' | 'unknown' | 'rejected' | 'unreadable';

export function statusOf(state: SyncState): SyncStatus {
  if (state.unreadable !== null) return 'unreadable';
  if (state.trouble !== null) return state.trouble;
  if (hasUnsaved(state)) return 'saving';
  return state.base.kind === 'unread' ? 'loading' : 'saved';
}
