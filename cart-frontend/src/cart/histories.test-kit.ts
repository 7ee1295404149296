import * as fc from 'fast-check';
import type { Cart } from './cart';
import { add, empty, merge, remove, setQuantity } from './cart';

/** What may happen to three replicas of one cart. Every replica has an actor of its own, as every page load has. */
export type Step =
  | { readonly kind: 'add'; readonly replica: number; readonly sku: string; readonly amount: number }
  | { readonly kind: 'set'; readonly replica: number; readonly sku: string; readonly amount: number }
  | { readonly kind: 'remove'; readonly replica: number; readonly sku: string }
  | { readonly kind: 'sync'; readonly replica: number; readonly from: number };

export const ACTORS = ['a', 'b', 'c'] as const;
export const SKUS = ['mug', 'tray', '10', '9', 'constructor'] as const;

const replica = fc.nat({ max: ACTORS.length - 1 });
const sku = fc.constantFrom(...SKUS);
const amount = fc.integer({ min: 1, max: 9 });

export const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), replica, sku, amount }),
  fc.record({ kind: fc.constant('set' as const), replica, sku, amount }),
  fc.record({ kind: fc.constant('remove' as const), replica, sku }),
  fc.record({ kind: fc.constant('sync' as const), replica, from: replica }),
);

export const history = fc.array(step, { maxLength: 40 });

/** The replicas after a history. Carts made apart from each other could share dots, so all come from here. */
export function play(steps: readonly Step[]): Cart[] {
  const carts: Cart[] = ACTORS.map(empty);
  for (const step of steps) carts[step.replica] = apply(carts, step);
  return carts;
}

function apply(carts: readonly Cart[], step: Step): Cart {
  const cart = carts[step.replica] ?? empty();
  const actor = ACTORS[step.replica] ?? 'a';
  switch (step.kind) {
    case 'add':
      return add(cart, actor, step.sku, step.amount);
    case 'set':
      return setQuantity(cart, actor, step.sku, step.amount);
    case 'remove':
      return remove(cart, step.sku);
    case 'sync':
      return merge(cart, carts[step.from] ?? empty());
  }
}

export const threeCarts = history.map((steps) => {
  const [a, b, c] = play(steps);
  return { a: a ?? empty(), b: b ?? empty(), c: c ?? empty() };
});
