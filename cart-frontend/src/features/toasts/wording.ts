import { nameOf } from '../../catalog';
import type { Edit, Failure, Notice } from '../../sync';
import type { Message, Tone } from './toasts';

/** What the page says about what happened. Everything is text; what the store sent is quoted as text too. */
export function messageOf(notice: Notice): Message {
  switch (notice.kind) {
    case 'loaded':
      return notice.found
        ? message('loaded', 'good', 'Cart loaded', null)
        : message('loaded-none', 'good', 'Cart loaded', 'Nothing is stored under this name yet.');
    case 'updated':
      return notice.withUnsaved
        ? message('updated', 'info', 'Changes from elsewhere', 'They were merged with yours.')
        : message('updated', 'info', 'Changes from elsewhere', 'This cart was changed on another page.');
    case 'merged':
      return message(
        `merged-${notice.versions}`,
        'merge',
        `${notice.versions} versions merged`,
        'This cart was changed in several places at once. All adds were kept.',
      );
    case 'saved':
      return saved(notice.edits, notice.last, notice.confirmed);
    case 'recovered':
      return message('recovered', 'good', 'The store answers again', null);
    case 'readFailed':
      return failed('read', 'The cart could not be read', notice.failure, notice.quiet, 'It is tried again.');
    case 'writeFailed':
      return failed(
        'write',
        titleOfWrite(notice.failure),
        notice.failure,
        false,
        consequence(notice.failure),
      );
    case 'unreadable':
      return message(
        'unreadable',
        'bad',
        'This cart cannot be understood',
        `A stored version: ${notice.reason}.`,
      );
    case 'editRefused':
      return message(`refused-${notice.reason}`, 'bad', 'Not changed', notice.reason);
  }
}

function saved(edits: number, last: Edit | null, confirmed: boolean): Message {
  const detail = confirmed ? 'The store had it after all.' : null;
  if (edits === 0) return message('saved-merge', 'good', 'Merged cart saved', detail);
  const title = edits === 1 && last !== null ? `Saved: ${describe(last)}` : `Saved: ${edits} changes`;
  return message(`saved-${title}-${String(confirmed)}`, 'good', title, detail);
}

function describe(edit: Edit): string {
  switch (edit.kind) {
    case 'add':
      return `${nameOf(edit.sku)} added`;
    case 'set':
      return `${nameOf(edit.sku)}, quantity ${edit.quantity}`;
    case 'remove':
      return `${nameOf(edit.sku)} removed`;
    case 'clear':
      return 'cart emptied';
    case 'restored':
      return 'changes of your last visit';
  }
}

function titleOfWrite(failure: Failure): string {
  switch (failure.kind) {
    case 'unknown':
    case 'timeout':
    case 'garbled':
      return 'Perhaps saved, perhaps not';
    case 'refused':
    case 'crowded':
    case 'expired':
    case 'unreachable':
      return 'Not saved yet';
    case 'rejected':
      return 'Not saved';
  }
}

function consequence(failure: Failure): string {
  switch (failure.kind) {
    case 'rejected':
      return 'Your change is kept on this page; it is sent again when the cart changes.';
    case 'expired':
    case 'crowded':
      return 'The cart is read again, then your change is sent again.';
    case 'unknown':
    case 'timeout':
    case 'garbled':
      return 'The store is asked again. Your change is kept either way.';
    case 'refused':
    case 'unreachable':
      return 'Your change is kept and will be sent again.';
  }
}

function failed(
  action: string,
  title: string,
  failure: Failure,
  quiet: boolean,
  consequence: string,
): Message {
  const cause = [failure.title, failure.detail].filter((text) => text !== null).join(': ');
  const { votesNeeded, votesReceived } = failure;
  const votes =
    votesNeeded === null || votesReceived === null ? '' : ` (${votesReceived} of ${votesNeeded} replicas)`;
  return {
    key: `${action}-${failure.kind}-${failure.status ?? ''}`,
    tone: 'bad',
    title,
    detail: `${withoutStop(cause)}${votes}. ${consequence}`,
    reference: failure.requestId,
    quiet,
  };
}

function withoutStop(text: string): string {
  return text.replace(/[.\s]+$/, '');
}

function message(key: string, tone: Tone, title: string, detail: string | null): Message {
  return { key, tone, title, detail, reference: null, quiet: false };
}
