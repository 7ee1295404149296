import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cart } from '../cart';
import { empty, equal, includes, merge, parse, quantityOf, serialise } from '../cart';
import type { SyncEffect, SyncEvent, SyncState } from './machine';
import { hasUnsaved, initial, on } from './machine';
import type { Failure, FailureKind, ReadOutcome, WriteOutcome } from './port';

/**
 * Several pages, one store, and a schedule that decides who is answered when and how. Requests are carried out when
 * the schedule says so, which may be long after their page has given up on them.
 */
const PAGES = 3;
const SKUS = ['mug', 'tray'] as const;

type Fate = 'works' | 'losesTheAnswer' | 'losesTheRequest' | 'arrivesLate' | 'refuses' | 'expires';

type Move =
  | { readonly kind: 'add'; readonly page: number; readonly sku: string }
  | { readonly kind: 'remove'; readonly page: number; readonly sku: string }
  | { readonly kind: 'answer'; readonly page: number; readonly fate: Fate }
  | { readonly kind: 'wake'; readonly page: number }
  | { readonly kind: 'refresh'; readonly page: number }
  | { readonly kind: 'deliverLate' };

const page = fc.nat({ max: PAGES - 1 });
const sku = fc.constantFrom(...SKUS);
const fate = fc.constantFrom<Fate>(
  ...(['works', 'works', 'losesTheAnswer', 'losesTheRequest', 'arrivesLate', 'refuses', 'expires'] as const),
);
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('add' as const), page, sku }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), page, sku }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('answer' as const), page, fate }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wake' as const), page }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('refresh' as const), page }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('deliverLate' as const) }) },
);

/** Siblings as a store keeps them: a write replaces the versions its context covers, and no others. */
class ModelStore {
  private versions: { readonly dot: number; readonly text: string }[] = [];
  private lastDot = 0;

  read(): ReadOutcome {
    if (this.versions.length === 0) return { kind: 'absent', context: null };
    const versions = this.versions.map(({ text }) => ({ kind: 'text', text }) as const);
    return { kind: 'found', versions, context: String(this.lastDot) };
  }

  write(text: string, context: string | null): WriteOutcome {
    this.versions = this.versions.filter(({ dot }) => dot > Number(context ?? 0));
    this.versions.push({ dot: ++this.lastDot, text });
    return { kind: 'written', context: this.versions.length === 1 ? String(this.lastDot) : null };
  }

  covered(context: string | null): Cart[] {
    return this.versions.filter(({ dot }) => dot <= Number(context ?? 0)).map(({ text }) => cartOf(text));
  }

  cart(): Cart {
    return this.versions.map(({ text }) => cartOf(text)).reduce(merge, empty());
  }

  get siblings(): number {
    return this.versions.length;
  }
}

function cartOf(text: string): Cart {
  const parsed = parse(text);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.cart;
}

function failed(kind: FailureKind): { kind: 'failed'; failure: Failure } {
  const nothing = { title: kind, detail: null, status: null, requestId: null };
  const failure = { kind, ...nothing, votesNeeded: null, votesReceived: null, retryAfterMillis: null };
  return { kind: 'failed', failure };
}

type Request = Extract<SyncEffect, { kind: 'read' | 'write' }>;

class World {
  readonly store = new ModelStore();
  readonly states: SyncState[] = Array.from({ length: PAGES }, initial);
  readonly requests: (Request | null)[] = Array.from({ length: PAGES }, () => null);
  private readonly late: Extract<Request, { kind: 'write' }>[] = [];

  constructor() {
    this.states.forEach((_, index) => this.feed(index, { kind: 'started', draft: null }));
  }

  play(move: Move): void {
    switch (move.kind) {
      case 'add':
      case 'remove': {
        const edit = { kind: move.kind, sku: move.sku } as const;
        this.feed(move.page, { kind: 'edited', edit, actor: `p${move.page}` });
        break;
      }
      case 'answer':
        this.answer(move.page, move.fate);
        break;
      case 'wake':
        this.feed(move.page, { kind: 'woke' });
        break;
      case 'refresh':
        this.feed(move.page, { kind: 'refreshed', by: 'focus' });
        break;
      case 'deliverLate':
        this.deliverLate();
        break;
    }
  }

  deliverLate(): void {
    const request = this.late.shift();
    if (request !== undefined) this.carryOut(request);
  }

  answer(page: number, fate: Fate): void {
    const request = this.requests[page];
    if (request === null || request === undefined) return;
    this.requests[page] = null;
    const moment = { nowMillis: 0, chance: 0.5 };
    if (request.kind === 'read') {
      const outcome = fate === 'works' ? this.store.read() : failed('unreachable');
      this.feed(page, { kind: 'readAnswered', outcome, ...moment });
    } else {
      this.feed(page, { kind: 'writeAnswered', outcome: this.fateOf(request, fate), ...moment });
    }
  }

  private fateOf(request: Extract<Request, { kind: 'write' }>, fate: Fate): WriteOutcome {
    switch (fate) {
      case 'works':
        return this.carryOut(request);
      case 'losesTheAnswer':
        this.carryOut(request);
        return failed('unknown');
      case 'losesTheRequest':
        return failed('unreachable');
      case 'arrivesLate':
        this.late.push(request);
        return failed('timeout');
      case 'refuses':
        return failed('refused');
      case 'expires':
        return failed('expired');
    }
  }

  /** Invariant W: a write includes every version that its context lets it replace. */
  private carryOut(request: Extract<Request, { kind: 'write' }>): WriteOutcome {
    for (const covered of this.store.covered(request.context)) {
      expect(includes(request.cart, covered)).toBe(true);
    }
    return this.store.write(serialise(request.cart), request.context);
  }

  private feed(page: number, event: SyncEvent): void {
    const state = this.states[page];
    if (state === undefined) return;
    const step = on(state, event);
    this.states[page] = step.state;
    // Nothing that was shown is ever lost from sight, except by merging a removal.
    expect(includes(step.state.local, state.local)).toBe(true);
    for (const effect of step.effects) {
      if (effect.kind !== 'read' && effect.kind !== 'write') continue;
      expect(this.requests[page]).toBeNull();
      this.requests[page] = effect;
    }
  }

  /** Everything works from now on. Answers how many rounds it took until nobody had anything left to do. */
  settle(): number {
    for (let round = 1; round <= 30; round++) {
      this.deliverLate();
      for (let page = 0; page < PAGES; page++) {
        this.play({ kind: 'wake', page });
        this.play({ kind: 'refresh', page });
        while (this.requests[page] !== null) this.answer(page, 'works');
      }
      if (this.isSettled()) return round;
    }
    throw new Error('the pages did not settle');
  }

  private isSettled(): boolean {
    const cart = this.store.cart();
    return (
      this.late.length === 0 &&
      this.store.siblings <= 1 &&
      this.states.every((state) => !hasUnsaved(state) && equal(state.local, cart))
    );
  }
}

describe('any number of pages under any failures', () => {
  it('settle on one cart, and no add is lost that nobody removed', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 80 }), (moves) => {
        const world = new World();
        for (const each of moves) world.play(each);
        world.settle();

        for (const product of SKUS) {
          const removed = moves.some((each) => each.kind === 'remove' && each.sku === product);
          const added = moves.filter((each) => each.kind === 'add' && each.sku === product).length;
          const quantity = quantityOf(world.store.cart(), product);
          if (removed) expect(quantity).toBeLessThanOrEqual(added);
          else expect(quantity).toBe(added);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('settle in a few rounds even when all write at once', () => {
    const world = new World();
    for (let page = 0; page < PAGES; page++) {
      world.answer(page, 'works');
      world.play({ kind: 'add', page, sku: 'mug' });
    }
    expect(world.settle()).toBeLessThanOrEqual(2);
    expect(quantityOf(world.store.cart(), 'mug')).toBe(PAGES);
  });
});
