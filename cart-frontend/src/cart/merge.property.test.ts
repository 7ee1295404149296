import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cart } from './cart';
import { add, empty, equal, includes, merge, quantityOf, remove, setQuantity } from './cart';
import { parse, serialise } from './codec';
import type { Step } from './histories.test-kit';
import { ACTORS, SKUS, history, play, threeCarts } from './histories.test-kit';

const RUNS = { numRuns: 500 };
const sku = fc.constantFrom(...SKUS);
const amount = fc.integer({ min: 1, max: 9999 });

describe('merge', () => {
  it('is commutative', () => {
    fc.assert(
      fc.property(threeCarts, ({ a, b }) => {
        expect(serialise(merge(a, b))).toBe(serialise(merge(b, a)));
      }),
      RUNS,
    );
  });

  it('is associative', () => {
    fc.assert(
      fc.property(threeCarts, ({ a, b, c }) => {
        expect(serialise(merge(merge(a, b), c))).toBe(serialise(merge(a, merge(b, c))));
      }),
      RUNS,
    );
  });

  it('is idempotent, and includes both sides', () => {
    fc.assert(
      fc.property(threeCarts, ({ a, b }) => {
        const merged = merge(a, b);
        expect(equal(merge(a, a), a)).toBe(true);
        expect(equal(merge(merged, b), merged)).toBe(true);
        expect(includes(merged, a) && includes(merged, b)).toBe(true);
      }),
      RUNS,
    );
  });

  it('never loses a concurrent add, whatever the other side did', () => {
    fc.assert(
      fc.property(threeCarts, sku, amount, ({ a, b }, product, more) => {
        const merged = merge(add(a, 'd', product, more), b);
        expect(quantityOf(merged, product)).toBe(quantityOf(merge(a, b), product) + more);
      }),
      RUNS,
    );
  });

  it('never brings a removed product back from a copy the remover had seen', () => {
    fc.assert(
      fc.property(threeCarts, sku, ({ a, b }, product) => {
        const removed = remove(merge(a, b), product);
        for (const old of [a, b, merge(a, b)]) expect(quantityOf(merge(removed, old), product)).toBe(0);
      }),
      RUNS,
    );
  });

  it('lets a set replace only what it saw', () => {
    fc.assert(
      fc.property(threeCarts, sku, amount, ({ a, b }, product, quantity) => {
        const unseen = quantityOf(merge(remove(a, product), b), product);
        expect(quantityOf(merge(setQuantity(a, 'd', product, quantity), b), product)).toBe(quantity + unseen);
      }),
      RUNS,
    );
  });
});

/** The textbook OR-set that forgets nothing: every add ever made, and the ids of those that were removed. */
class NaiveCart {
  constructor(
    readonly adds: ReadonlyMap<string, { readonly sku: string; readonly amount: number }> = new Map(),
    readonly removed: ReadonlySet<string> = new Set(),
  ) {}

  add(id: string, sku: string, amount: number): NaiveCart {
    return new NaiveCart(new Map(this.adds).set(id, { sku, amount }), this.removed);
  }

  remove(sku: string): NaiveCart {
    const ids = [...this.adds].filter(([, added]) => added.sku === sku).map(([id]) => id);
    return new NaiveCart(this.adds, new Set([...this.removed, ...ids]));
  }

  merge(other: NaiveCart): NaiveCart {
    return new NaiveCart(
      new Map([...this.adds, ...other.adds]),
      new Set([...this.removed, ...other.removed]),
    );
  }

  quantityOf(sku: string): number {
    let quantity = 0;
    for (const [id, added] of this.adds) {
      if (added.sku === sku && !this.removed.has(id)) quantity += added.amount;
    }
    return quantity;
  }
}

function playNaively(steps: readonly Step[]): NaiveCart[] {
  const carts = ACTORS.map(() => new NaiveCart());
  steps.forEach((step, index) => {
    const cart = carts[step.replica] ?? new NaiveCart();
    const id = String(index);
    switch (step.kind) {
      case 'add':
        carts[step.replica] = cart.add(id, step.sku, step.amount);
        break;
      case 'set':
        carts[step.replica] = cart.remove(step.sku).add(id, step.sku, step.amount);
        break;
      case 'remove':
        carts[step.replica] = cart.remove(step.sku);
        break;
      case 'sync':
        carts[step.replica] = cart.merge(carts[step.from] ?? new NaiveCart());
        break;
    }
  });
  return carts;
}

describe('the cart and the naive model', () => {
  it('agree on every quantity of every replica after any history', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const carts = play(steps);
        const naive = playNaively(steps);
        carts.forEach((cart, replica) => {
          for (const product of SKUS) {
            expect(quantityOf(cart, product)).toBe(naive[replica]?.quantityOf(product));
          }
        });
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the text form', () => {
  it('parses to the same cart, and equal carts have equal texts', () => {
    fc.assert(
      fc.property(threeCarts, ({ a, b }) => {
        for (const cart of [a, b, merge(a, b)]) {
          const parsed = parse(serialise(cart));
          expect(parsed.ok && equal(parsed.cart, cart)).toBe(true);
          expect(parsed.ok && serialise(parsed.cart)).toBe(serialise(shuffled(cart)));
        }
      }),
      RUNS,
    );
  });

  it('is refused, never thrown over, whatever JSON it is', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parse(text)).toHaveProperty('ok');
      }),
      RUNS,
    );
  });

  it('is refused, never thrown over, when it nearly is a cart', () => {
    const key = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'a:1', 'a:0', 'a', 'mug'));
    const value = fc.oneof(fc.integer(), fc.double(), fc.jsonValue());
    const dots = fc.dictionary(key, value, { noNullPrototype: true });
    const nearly = fc.record({
      format: fc.oneof(fc.constant(1), fc.jsonValue()),
      seen: fc.oneof(fc.dictionary(key, value), fc.jsonValue()),
      items: fc.oneof(fc.dictionary(key, dots), fc.jsonValue()),
    });
    fc.assert(
      fc.property(nearly, (document) => {
        const parsed = parse(JSON.stringify(document));
        if (parsed.ok) expect(parse(serialise(parsed.cart))).toEqual(parsed);
      }),
      RUNS,
    );
  });

  it('is refused, never thrown over, when it is no JSON at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => void parse(text)),
      RUNS,
    );
  });
});

/** The same cart with its maps filled in another order. */
function shuffled(cart: Cart): Cart {
  return {
    seen: new Map([...cart.seen].reverse()),
    items: new Map([...cart.items].reverse().map(([key, dots]) => [key, new Map([...dots].reverse())])),
  };
}

it('starts with an empty cart that has its own text', () => {
  expect(serialise(empty())).toBe('{"format":1,"items":{},"seen":{}}');
});
