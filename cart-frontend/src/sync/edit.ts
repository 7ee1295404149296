import type { Actor, Cart, Sku } from '../cart';
import {
  add,
  quantityOf,
  refusalOfAdd,
  refusalOfDot,
  remove,
  removeAll,
  setQuantity,
  AMOUNT_MAX,
} from '../cart';

/** What a person does to the cart. `restored` stands for the changes of an earlier visit that were not yet saved. */
export type Edit =
  | { readonly kind: 'add'; readonly sku: Sku }
  | { readonly kind: 'set'; readonly sku: Sku; readonly quantity: number }
  | { readonly kind: 'remove'; readonly sku: Sku }
  | { readonly kind: 'clear' }
  | { readonly kind: 'restored' };

export type Edited =
  | { readonly kind: 'changed'; readonly cart: Cart }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly reason: string };

export function applyEdit(cart: Cart, actor: Actor, edit: Edit): Edited {
  switch (edit.kind) {
    case 'add':
      return applyAdd(cart, actor, edit.sku);
    case 'set':
      return applySet(cart, actor, edit.sku, edit.quantity);
    case 'remove':
      return changed(cart, remove(cart, edit.sku));
    case 'clear':
      return cart.items.size === 0 ? { kind: 'unchanged' } : changed(cart, removeAll(cart));
    case 'restored':
      return { kind: 'unchanged' };
  }
}

function applyAdd(cart: Cart, actor: Actor, sku: Sku): Edited {
  if (quantityOf(cart, sku) >= AMOUNT_MAX) return refusedAbove();
  const reason = refusalOfAdd(cart, actor, sku);
  return reason === null ? changed(cart, add(cart, actor, sku, 1)) : { kind: 'refused', reason };
}

function applySet(cart: Cart, actor: Actor, sku: Sku, quantity: number): Edited {
  if (quantity === quantityOf(cart, sku)) return { kind: 'unchanged' };
  if (!Number.isSafeInteger(quantity) || quantity < 0 || quantity > AMOUNT_MAX) return refusedAbove();
  if (quantity === 0) return changed(cart, remove(cart, sku));
  const reason = refusalOfDot(cart, actor);
  return reason === null
    ? changed(cart, setQuantity(cart, actor, sku, quantity))
    : { kind: 'refused', reason };
}

function changed(before: Cart, after: Cart): Edited {
  return after === before ? { kind: 'unchanged' } : { kind: 'changed', cart: after };
}

function refusedAbove(): Edited {
  return { kind: 'refused', reason: `A quantity is a whole number up to ${AMOUNT_MAX}.` };
}
