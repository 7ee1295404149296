/** Keeping a cart and its store in step: a pure machine, and the shell that runs it. */
export type { Edit } from './edit';
export type { MergeNote, SyncState } from './machine';
export type { Notice } from './notice';
export type { CartStore, Failure, FailureKind, ReadOutcome, Version, WriteOutcome } from './port';
export type { CartSession, Drafts, SessionPorts } from './session';
export { openSession } from './session';
export type { SyncStatus } from './status';
export { statusOf } from './status';
