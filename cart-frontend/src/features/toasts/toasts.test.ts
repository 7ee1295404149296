import { describe, expect, it } from 'vitest';
import type { Notice } from '../../sync';
import type { Message, Toasts } from './toasts';
import { dismiss, expire, NO_TOASTS, raise, SHOWN_MAX } from './toasts';
import { messageOf } from './wording';

const saved: Message = message('saved', 'good');
const offline: Message = { ...message('offline', 'bad'), quiet: true };

function message(key: string, tone: Message['tone']): Message {
  return { key, tone, title: key, detail: null, reference: null, quiet: false };
}

function pile(...messages: Message[]): Toasts {
  return messages.reduce(raise, NO_TOASTS);
}

describe('the pile of toasts', () => {
  it('shows equal messages as one with a count, the newest last', () => {
    const { shown } = pile(offline, message('other', 'info'), offline, offline);
    expect(shown.map(({ key, count }) => [key, count])).toEqual([
      ['other', 1],
      ['offline', 3],
    ]);
  });

  it('is bounded, and lets failures stay longest', () => {
    const { shown } = pile(offline, ...['a', 'b', 'c', 'd', 'e'].map((key) => message(key, 'info')));
    expect(shown).toHaveLength(SHOWN_MAX);
    expect(shown[0]?.key).toBe('offline');
  });

  it('does not repeat a quiet failure that was waved away, until something goes well', () => {
    const shown = pile(offline);
    const waved = dismiss(shown, shown.shown[0]?.id ?? 0);
    expect(raise(waved, offline).shown).toEqual([]);
    expect(raise(raise(waved, saved), offline).shown.map(({ key }) => key)).toEqual(['saved', 'offline']);
  });

  it('repeats a failure that merely ran out of time', () => {
    const shown = pile(offline);
    expect(raise(expire(shown, shown.shown[0]?.id ?? 0), offline).shown).toHaveLength(1);
  });

  it('shortens the life of failures once something goes well', () => {
    const before = pile(offline).shown[0]?.lifeMillis ?? 0;
    const after = pile(offline, saved).shown.find(({ key }) => key === 'offline')?.lifeMillis ?? 0;
    expect(after).toBeLessThan(before);
  });
});

describe('the words', () => {
  const failure = {
    kind: 'refused',
    title: 'Too few replicas',
    detail: 'One <b>of</b> two.',
    status: 503,
    requestId: 'r-7',
    votesNeeded: 2,
    votesReceived: 1,
    retryAfterMillis: null,
  } as const;

  it('name what was saved', () => {
    const notice: Notice = {
      kind: 'saved',
      edits: 1,
      last: { kind: 'add', sku: 'walnut-tray' },
      confirmed: false,
    };
    expect(messageOf(notice).title).toBe('Saved: Walnut tray added');
    expect(messageOf({ ...notice, edits: 3 }).title).toBe('Saved: 3 changes');
    expect(messageOf({ ...notice, edits: 0 }).title).toBe('Merged cart saved');
    expect(messageOf({ ...notice, last: { kind: 'add', sku: 'constructor' } }).title).toContain(
      'Unknown product',
    );
  });

  it('quote the store, its votes and the request id, and say what happens next', () => {
    expect(messageOf({ kind: 'writeFailed', failure })).toMatchObject({
      tone: 'bad',
      title: 'Not saved yet',
      detail:
        'Too few replicas: One <b>of</b> two (1 of 2 replicas). Your change is kept and will be sent again.',
      reference: 'r-7',
    });
  });

  it('never call an unknown outcome a failure to save', () => {
    for (const kind of ['unknown', 'timeout'] as const) {
      expect(messageOf({ kind: 'writeFailed', failure: { ...failure, kind } }).title).toBe(
        'Perhaps saved, perhaps not',
      );
    }
  });

  it('say how many versions were merged', () => {
    expect(messageOf({ kind: 'merged', versions: 3 }).title).toBe('3 versions merged');
  });
});
