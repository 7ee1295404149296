import type { Actor, Cart, Sku } from './cart';
import { dotCount } from './cart';

/**
 * What a stored cart may hold at most. A cart beyond these is refused as a whole, never cut.
 *
 * `seen` has one entry per page load that ever wrote, about 25 bytes each, and nothing removes one: dropping an
 * actor whose removals some old copy has not met would bring removed items back. At a page load that writes ten
 * times a day, 10,000 actors are almost three years of one cart, and some 250 KB.
 */
export const STORED_MAX = {
  chars: 1_048_576,
  actors: 10_000,
  items: 1_000,
  dots: 10_000,
  counter: 1_000_000_000,
} as const;

/**
 * Where this page stops adding. Well below what it accepts, so that merging two full carts still gives a cart
 * that every page can read.
 */
export const EDIT_MAX = { actors: 5_000, items: 300, dots: 3_000 } as const;

/** Null when this actor may make another dot; otherwise why not, in words for people. */
export function refusalOfDot(cart: Cart, actor: Actor): string | null {
  if (!cart.seen.has(actor) && cart.seen.size >= EDIT_MAX.actors) {
    return 'This cart has been opened too many times. Please start a new one.';
  }
  if ((cart.seen.get(actor) ?? 0) >= STORED_MAX.counter) {
    return 'This page has made too many changes. Please load it again.';
  }
  return null;
}

/** The same for an add, which makes the cart grow where a set makes it shrink. */
export function refusalOfAdd(cart: Cart, actor: Actor, sku: Sku): string | null {
  if (!cart.items.has(sku) && cart.items.size >= EDIT_MAX.items) {
    return `A cart holds at most ${EDIT_MAX.items} different products.`;
  }
  if (dotCount(cart) >= EDIT_MAX.dots) {
    return 'This cart has too many separate additions. Type a quantity to fold those of a product into one.';
  }
  return refusalOfDot(cart, actor);
}
