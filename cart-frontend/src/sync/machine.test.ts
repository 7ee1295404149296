import { describe, expect, it } from 'vitest';
import type { Cart } from '../cart';
import { add, empty, merge, quantityOf, remove, serialise } from '../cart';
import type { SyncEffect, SyncEvent, SyncState } from './machine';
import { hasUnsaved, initial, on } from './machine';
import type { Notice } from './notice';
import type { Failure, FailureKind, ReadOutcome, WriteOutcome } from './port';
import { statusOf } from './status';

/** One machine, driven by hand: every call answers with the effects of that event alone. */
class Driver {
  state: SyncState = initial();
  private nowMillis = 1000;

  on(event: SyncEvent): readonly SyncEffect[] {
    const step = on(this.state, event);
    this.state = step.state;
    return step.effects;
  }

  started(draft: Cart | null = null): readonly SyncEffect[] {
    return this.on({ kind: 'started', draft });
  }

  adds(sku: string): readonly SyncEffect[] {
    return this.on({ kind: 'edited', edit: { kind: 'add', sku }, actor: 'me' });
  }

  reads(outcome: ReadOutcome): readonly SyncEffect[] {
    return this.on({ kind: 'readAnswered', outcome, nowMillis: this.nowMillis++, chance: 1 });
  }

  wrote(outcome: WriteOutcome): readonly SyncEffect[] {
    return this.on({ kind: 'writeAnswered', outcome, nowMillis: this.nowMillis++, chance: 1 });
  }

  /** A page that has read an absent cart and has nothing to do. */
  static ready(): Driver {
    const driver = new Driver();
    driver.started();
    driver.reads(absent);
    return driver;
  }
}

const absent: ReadOutcome = { kind: 'absent', context: null };

function found(context: string | null, ...carts: Cart[]): ReadOutcome {
  return { kind: 'found', context, versions: carts.map((cart) => ({ kind: 'text', text: serialise(cart) })) };
}

function failed(kind: FailureKind, more: Partial<Failure> = {}): { kind: 'failed'; failure: Failure } {
  const nothing = {
    detail: null,
    status: null,
    requestId: 'r-1',
    votesNeeded: null,
    votesReceived: null,
    retryAfterMillis: null,
  };
  return { kind: 'failed', failure: { kind, title: kind, ...nothing, ...more } };
}

function written(context: string | null): WriteOutcome {
  return { kind: 'written', context };
}

function kinds(effects: readonly SyncEffect[]): string[] {
  return effects.map((effect) => (effect.kind === 'tell' ? effect.notice.kind : effect.kind));
}

function notice(effects: readonly SyncEffect[], kind: Notice['kind']): Notice | undefined {
  return effects
    .flatMap((effect) => (effect.kind === 'tell' ? [effect.notice] : []))
    .find((n) => n.kind === kind);
}

function writeOf(effects: readonly SyncEffect[]) {
  const write = effects.find((effect) => effect.kind === 'write');
  if (write === undefined) throw new Error(`no write among ${kinds(effects).join(', ')}`);
  return write;
}

describe('the first read', () => {
  it('comes before the first write, while the page already shows the edit', () => {
    const page = new Driver();
    expect(kinds(page.started())).toEqual(['read']);
    expect(page.adds('mug')).toEqual([]);
    expect(quantityOf(page.state.local, 'mug')).toBe(1);

    const effects = page.reads(found('c1', add(empty(), 'other', 'tray', 2)));
    expect(kinds(effects)).toEqual(['loaded', 'write']);
    expect(writeOf(effects).context).toBe('c1');
    expect(quantityOf(writeOf(effects).cart, 'tray')).toBe(2);
    expect(quantityOf(writeOf(effects).cart, 'mug')).toBe(1);
  });

  it('of nothing writes nothing', () => {
    const page = new Driver();
    page.started();
    expect(kinds(page.reads(absent))).toEqual(['loaded']);
    expect(statusOf(page.state)).toBe('saved');
  });

  it('keeps the context of a tombstone', () => {
    const page = new Driver();
    page.started();
    page.reads({ kind: 'absent', context: 'grave' });
    expect(writeOf(page.adds('mug')).context).toBe('grave');
  });

  it('brings in what an earlier visit could not save', () => {
    const page = new Driver();
    page.started(add(empty(), 'earlier', 'mug', 3));
    const effects = page.reads(found('c1', add(empty(), 'other', 'mug', 1)));
    expect(quantityOf(writeOf(effects).cart, 'mug')).toBe(4);
    expect(notice(page.wrote(written('c2')), 'saved')).toMatchObject({
      edits: 1,
      last: { kind: 'restored' },
    });
  });

  it('that fails is tried again, and nothing is written meanwhile', () => {
    const page = new Driver();
    page.started();
    page.adds('mug');
    expect(kinds(page.reads(failed('refused')))).toEqual(['readFailed', 'wake']);
    expect(page.adds('mug')).toEqual([]);
    expect(kinds(page.on({ kind: 'woke' }))).toEqual(['read']);
    expect(kinds(page.reads(absent))).toContain('write');
  });
});

describe('writing', () => {
  it('sends edits made during a write together in the next one, under the context of the first', () => {
    const page = Driver.ready();
    expect(kinds(page.adds('mug'))).toEqual(['write']);
    expect(page.adds('mug')).toEqual([]);
    expect(page.adds('tray')).toEqual([]);

    const effects = page.wrote(written('c1'));
    expect(kinds(effects)).toEqual(['saved', 'write']);
    expect(notice(effects, 'saved')).toMatchObject({ edits: 1 });
    expect(writeOf(effects).context).toBe('c1');
    expect(notice(page.wrote(written('c2')), 'saved')).toMatchObject({ edits: 2 });
    expect(statusOf(page.state)).toBe('saved');
  });

  it('without a context in the answer is followed by a read, and its siblings are merged and written back', () => {
    const page = Driver.ready();
    const mine = writeOf(page.adds('mug')).cart;
    const theirs = add(empty(), 'other', 'mug', 1);
    expect(kinds(page.wrote(written(null)))).toEqual(['saved', 'read']);

    const effects = page.reads(found('c2', mine, theirs));
    expect(kinds(effects)).toEqual(['merged', 'write']);
    expect(notice(effects, 'merged')).toEqual({ kind: 'merged', versions: 2 });
    expect(writeOf(effects)).toMatchObject({ context: 'c2' });
    expect(serialise(writeOf(effects).cart)).toBe(serialise(merge(mine, theirs)));
    expect(page.state.mergeNote?.versions).toBe(2);
    expect(kinds(page.wrote(written('c3')))).toEqual(['saved']);
  });

  it('writes equal siblings back too, so that one version is left', () => {
    const page = Driver.ready();
    const cart = add(empty(), 'other', 'mug', 1);
    page.on({ kind: 'refreshed', by: 'clock' });
    expect(kinds(page.reads(found('c1', cart, cart, cart)))).toEqual(['merged', 'write']);
  });

  it('that is refused keeps its context and needs no read', () => {
    const page = Driver.ready();
    page.adds('mug');
    const effects = page.wrote(failed('refused', { retryAfterMillis: 2000 }));
    expect(kinds(effects)).toEqual(['writeFailed', 'wake']);
    expect(effects.at(-1)).toEqual({ kind: 'wake', afterMillis: 2000 });
    expect(statusOf(page.state)).toBe('refused');
    page.adds('tray');
    const again = writeOf(page.on({ kind: 'woke' }));
    expect(quantityOf(again.cart, 'mug') + quantityOf(again.cart, 'tray')).toBe(2);
  });

  it.each(['unknown', 'timeout', 'unreachable', 'expired', 'crowded', 'garbled'] as const)(
    'that ends as %s is followed by a read, and by another write if the store has not got it',
    (kind) => {
      const page = Driver.ready();
      page.adds('mug');
      page.wrote(failed(kind));
      expect(hasUnsaved(page.state)).toBe(true);
      expect(kinds(page.on({ kind: 'woke' }))).toEqual(['read']);
      expect(writeOf(page.reads(found('c9', add(empty(), 'other', 'tray', 1)))).context).toBe('c9');
    },
  );

  it('of unknown outcome that did arrive is not written twice', () => {
    const page = Driver.ready();
    const mine = writeOf(page.adds('mug')).cart;
    page.wrote(failed('unknown'));
    expect(statusOf(page.state)).toBe('unknown');
    page.on({ kind: 'woke' });
    const effects = page.reads(found('c1', mine));
    expect(kinds(effects)).toEqual(['saved']);
    expect(notice(effects, 'saved')).toMatchObject({ edits: 1, confirmed: true });
    expect(statusOf(page.state)).toBe('saved');
  });

  it('of unknown outcome stays unknown while reads fail', () => {
    const page = Driver.ready();
    page.adds('mug');
    page.wrote(failed('timeout'));
    page.on({ kind: 'woke' });
    page.reads(failed('unreachable'));
    expect(statusOf(page.state)).toBe('unknown');
  });

  it('that is rejected is not repeated until the cart changes', () => {
    const page = Driver.ready();
    page.adds('mug');
    page.wrote(failed('rejected', { status: 413 }));
    expect(page.on({ kind: 'woke' })).toEqual([]);
    page.on({ kind: 'refreshed', by: 'clock' });
    expect(kinds(page.reads(absent))).not.toContain('write');
    expect(statusOf(page.state)).toBe('rejected');
    expect(kinds(page.on({ kind: 'edited', edit: { kind: 'clear' }, actor: 'me' }))).toEqual(['write']);
  });

  it('waits longer from failure to failure, and a person may cut it short', () => {
    const page = Driver.ready();
    page.adds('mug');
    const waits = [1, 2, 3, 4, 5, 6, 7].map(() => {
      const wake = page.wrote(failed('refused')).at(-1);
      page.on({ kind: 'woke' });
      return wake?.kind === 'wake' ? wake.afterMillis : 0;
    });
    expect(waits).toEqual([400, 800, 1600, 3200, 6400, 8000, 8000]);
    page.wrote(failed('refused'));
    expect(page.on({ kind: 'refreshed', by: 'clock' })).toEqual([]);
    expect(kinds(page.on({ kind: 'refreshed', by: 'user' }))).toEqual(['read']);
  });
});

describe('reading again', () => {
  it('is quiet when nothing changed and by the clock, and says so when a person asked', () => {
    const page = Driver.ready();
    page.on({ kind: 'refreshed', by: 'clock' });
    expect(page.reads(absent)).toEqual([]);
    page.on({ kind: 'refreshed', by: 'user' });
    expect(kinds(page.reads(absent))).toEqual(['loaded']);
  });

  it('tells of changes made elsewhere', () => {
    const page = Driver.ready();
    page.on({ kind: 'refreshed', by: 'focus' });
    const effects = page.reads(found('c1', add(empty(), 'other', 'mug', 1)));
    expect(notice(effects, 'updated')).toEqual({ kind: 'updated', withUnsaved: false });
  });

  it('tells when the store is back', () => {
    const page = Driver.ready();
    page.on({ kind: 'refreshed', by: 'clock' });
    expect(notice(page.reads(failed('unreachable')), 'readFailed')).toMatchObject({ quiet: true });
    expect(statusOf(page.state)).toBe('offline');
    page.on({ kind: 'woke' });
    page.on({ kind: 'refreshed', by: 'clock' });
    expect(kinds(page.reads(absent))).toEqual(['recovered']);
    expect(statusOf(page.state)).toBe('saved');
  });

  it('waits for a write that is under way', () => {
    const page = Driver.ready();
    page.adds('mug');
    expect(page.on({ kind: 'refreshed', by: 'user' })).toEqual([]);
    expect(kinds(page.wrote(written('c1')))).toEqual(['saved', 'read']);
  });

  it('of an older copy does not undo anything: what it lacks is written again', () => {
    const page = Driver.ready();
    const one = writeOf(page.adds('mug')).cart;
    page.wrote(written('c1'));
    page.adds('tray');
    page.wrote(written('c2'));
    page.on({ kind: 'refreshed', by: 'clock' });
    const effects = page.reads(found('c1', one));
    expect(quantityOf(writeOf(effects).cart, 'tray')).toBe(1);
  });

  it('does not bring back what was removed here', () => {
    const page = Driver.ready();
    const one = writeOf(page.adds('mug')).cart;
    page.wrote(written('c1'));
    page.on({ kind: 'edited', edit: { kind: 'remove', sku: 'mug' }, actor: 'me' });
    page.wrote(failed('timeout'));
    page.on({ kind: 'woke' });
    const effects = page.reads(found('c1', one));
    expect(serialise(writeOf(effects).cart)).toBe(serialise(remove(one, 'mug')));
  });
});

describe('a version that cannot be understood', () => {
  const strange: ReadOutcome = {
    kind: 'found',
    context: 'c1',
    versions: [
      { kind: 'text', text: serialise(add(empty(), 'other', 'tray', 2)) },
      { kind: 'text', text: '{"format":7}' },
    ],
  };

  it('is never overwritten: the cart is read-only, and shows what can be understood', () => {
    const page = new Driver();
    page.started();
    page.adds('mug');
    expect(kinds(page.reads(strange))).toEqual(['unreadable']);
    expect(statusOf(page.state)).toBe('unreadable');
    expect(quantityOf(page.state.local, 'tray')).toBe(2);
    expect(kinds(page.adds('mug'))).toEqual(['editRefused']);
    expect(page.on({ kind: 'woke' })).toEqual([]);
  });

  it('is told once, and the cart works again when it is gone', () => {
    const page = new Driver();
    page.started();
    page.reads(strange);
    page.on({ kind: 'refreshed', by: 'clock' });
    expect(page.reads(strange)).toEqual([]);
    page.on({ kind: 'refreshed', by: 'clock' });
    page.reads(found('c2', add(empty(), 'other', 'tray', 2)));
    expect(statusOf(page.state)).toBe('saved');
    expect(kinds(page.adds('mug'))).toEqual(['write']);
  });
});

describe('an edit', () => {
  it('that changes nothing does nothing', () => {
    const page = Driver.ready();
    page.adds('mug');
    page.wrote(written('c1'));
    const same: SyncEvent = { kind: 'edited', edit: { kind: 'set', sku: 'mug', quantity: 1 }, actor: 'me' };
    expect(page.on(same)).toEqual([]);
    expect(page.on({ kind: 'edited', edit: { kind: 'remove', sku: 'tray' }, actor: 'me' })).toEqual([]);
  });

  it('beyond a bound is refused in words', () => {
    const page = Driver.ready();
    const effects = page.on({
      kind: 'edited',
      edit: { kind: 'set', sku: 'mug', quantity: 10_000 },
      actor: 'me',
    });
    expect(kinds(effects)).toEqual(['editRefused']);
  });
});
