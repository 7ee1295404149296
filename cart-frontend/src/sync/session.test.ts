import { describe, expect, it } from 'vitest';
import type { Cart } from '../cart';
import { add, empty, quantityOf } from '../cart';
import type { Notice } from './notice';
import type { CartStore, ReadOutcome, WriteOutcome } from './port';
import { openSession } from './session';

/** A store whose answers the test gives when it likes. */
class SlowStore implements CartStore {
  readonly writes: string[] = [];
  private answerRead: ((outcome: ReadOutcome) => void) | null = null;
  private answerWrite: ((outcome: WriteOutcome) => void) | null = null;

  read(): Promise<ReadOutcome> {
    return new Promise((resolve) => (this.answerRead = resolve));
  }

  write(_: string, text: string): Promise<WriteOutcome> {
    this.writes.push(text);
    return new Promise((resolve) => (this.answerWrite = resolve));
  }

  async reads(outcome: ReadOutcome): Promise<void> {
    this.answerRead?.(outcome);
    await Promise.resolve();
  }

  async wrote(outcome: WriteOutcome): Promise<void> {
    this.answerWrite?.(outcome);
    await Promise.resolve();
  }
}

function open(draft: Cart | null = null) {
  const store = new SlowStore();
  const notices: Notice[] = [];
  const drafts = {
    kept: draft,
    load: () => draft,
    keep(cart: Cart) {
      drafts.kept = cart;
    },
    drop() {
      drafts.kept = null;
    },
  };
  const session = openSession({
    cartId: 'mine',
    actor: 'me',
    store,
    drafts,
    nowMillis: () => 0,
    chance: () => 0,
    schedule: () => () => undefined,
    tell: (notice) => notices.push(notice),
  });
  session.start();
  return { session, store, drafts, notices };
}

const absent: ReadOutcome = { kind: 'absent', context: null };

describe('a session', () => {
  it('keeps a draft of an edit until the store has it', async () => {
    const { session, store, drafts } = open();
    await store.reads(absent);
    session.edit({ kind: 'add', sku: 'mug' });
    expect(drafts.kept && quantityOf(drafts.kept, 'mug')).toBe(1);
    session.edit({ kind: 'add', sku: 'mug' });
    await store.wrote({ kind: 'written', context: 'c1' });
    expect(drafts.kept && quantityOf(drafts.kept, 'mug')).toBe(2);
    await store.wrote({ kind: 'written', context: 'c2' });
    expect(drafts.kept).toBeNull();
    expect(store.writes).toHaveLength(2);
  });

  it('saves the draft of an earlier visit, and drops it only then', async () => {
    const { store, drafts, notices } = open(add(empty(), 'earlier', 'mug', 3));
    await store.reads(absent);
    expect(drafts.kept).not.toBeNull();
    await store.wrote({ kind: 'written', context: 'c1' });
    expect(drafts.kept).toBeNull();
    expect(notices.map(({ kind }) => kind)).toEqual(['loaded', 'saved']);
  });

  it('tells its listeners of every change, until they leave', () => {
    const { session } = open();
    let changes = 0;
    const leave = session.subscribe(() => changes++);
    session.edit({ kind: 'add', sku: 'mug' });
    leave();
    session.edit({ kind: 'add', sku: 'mug' });
    expect(changes).toBe(1);
  });
});
