/**
 * A shopping cart as an observed-remove map: a state-based CRDT, after Dynamo's cart (SOSP 2007, section 4.4) and
 * the optimised OR-set of Bieniusa et al. (2012). Every add is a dot, the pair of an actor and its counter, with an
 * amount; `seen` is a version vector of all dots ever met, so a dot that is seen and absent has been removed.
 *
 * An actor belongs to one page load and counts without gaps, and a state that holds dot n of an actor has met
 * its dots 1 to n. That is what lets one number per actor stand for all its dots.
 */
export interface Cart {
  readonly seen: ReadonlyMap<Actor, number>;
  readonly items: ReadonlyMap<Sku, Dots>;
}

export type Actor = string;
export type Sku = string;
/** `actor:counter`. */
export type Dot = string;
export type Dots = ReadonlyMap<Dot, number>;

/** The largest amount of one dot, and so the largest quantity a person can ask for. */
export const AMOUNT_MAX = 9999;

export function empty(): Cart {
  return { seen: new Map(), items: new Map() };
}

/** Adds to whatever is there: concurrent adds sum up. */
export function add(cart: Cart, actor: Actor, sku: Sku, amount: number): Cart {
  return withDot(cart, actor, sku, amount, cart.items.get(sku) ?? new Map());
}

/** Replaces the dots this cart has seen, and only those: an add it has not seen yet will still count. */
export function setQuantity(cart: Cart, actor: Actor, sku: Sku, quantity: number): Cart {
  return withDot(cart, actor, sku, quantity, new Map());
}

/** Drops the dots this cart has seen; `seen` remembers them, so no old copy can bring them back. */
export function remove(cart: Cart, sku: Sku): Cart {
  if (!cart.items.has(sku)) return cart;
  const items = new Map(cart.items);
  items.delete(sku);
  return { seen: cart.seen, items };
}

export function removeAll(cart: Cart): Cart {
  return { seen: cart.seen, items: new Map() };
}

/** The least cart that includes both: commutative, associative, idempotent. */
export function merge(a: Cart, b: Cart): Cart {
  const seen = new Map(a.seen);
  for (const [actor, counter] of b.seen) seen.set(actor, Math.max(seen.get(actor) ?? 0, counter));

  const items = new Map<Sku, Dots>();
  for (const sku of new Set([...a.items.keys(), ...b.items.keys()])) {
    const dots = mergeDots(a, b, sku);
    if (dots.size > 0) items.set(sku, dots);
  }
  return { seen, items };
}

export function quantityOf(cart: Cart, sku: Sku): number {
  let quantity = 0;
  for (const amount of cart.items.get(sku)?.values() ?? []) quantity += amount;
  return quantity;
}

/** The price of everything in cents. What has no price (an unknown product) adds nothing. */
export function total(cart: Cart, priceCents: (sku: Sku) => number | undefined): number {
  let cents = 0;
  for (const sku of cart.items.keys()) cents += quantityOf(cart, sku) * (priceCents(sku) ?? 0);
  return cents;
}

/** True when `whole` has everything `part` has: its adds, and its removals. */
export function includes(whole: Cart, part: Cart): boolean {
  return equal(merge(whole, part), whole);
}

export function equal(a: Cart, b: Cart): boolean {
  return equalMaps(a.seen, b.seen, Object.is) && equalMaps(a.items, b.items, equalDots);
}

export function dotCount(cart: Cart): number {
  let count = 0;
  for (const dots of cart.items.values()) count += dots.size;
  return count;
}

/** Null when this is no dot. */
export function splitDot(dot: Dot): { readonly actor: Actor; readonly counter: number } | null {
  const match = /^([a-z0-9]{1,32}):([1-9][0-9]{0,15})$/.exec(dot);
  const [, actor, counter] = match ?? [];
  return actor === undefined || counter === undefined ? null : { actor, counter: Number(counter) };
}

function withDot(cart: Cart, actor: Actor, sku: Sku, amount: number, dots: Dots): Cart {
  if (!Number.isSafeInteger(amount) || amount < 1 || amount > AMOUNT_MAX) {
    throw new RangeError(`an amount is an integer from 1 to ${AMOUNT_MAX}, not ${amount}`);
  }
  const counter = (cart.seen.get(actor) ?? 0) + 1;
  return {
    seen: new Map(cart.seen).set(actor, counter),
    items: new Map(cart.items).set(sku, new Map(dots).set(`${actor}:${counter}`, amount)),
  };
}

function mergeDots(a: Cart, b: Cart, sku: Sku): Dots {
  const dotsOfA = a.items.get(sku) ?? new Map<Dot, number>();
  const dotsOfB = b.items.get(sku) ?? new Map<Dot, number>();
  const kept = new Map<Dot, number>();
  for (const [dot, amount] of dotsOfA) {
    const other = dotsOfB.get(dot);
    // Honest writers never give one dot two amounts; the larger one keeps the merge commutative all the same.
    if (other !== undefined) kept.set(dot, Math.max(amount, other));
    else if (!hasSeen(b, dot)) kept.set(dot, amount);
  }
  for (const [dot, amount] of dotsOfB) {
    if (!dotsOfA.has(dot) && !hasSeen(a, dot)) kept.set(dot, amount);
  }
  return kept;
}

function hasSeen(cart: Cart, dot: Dot): boolean {
  const parts = splitDot(dot);
  return parts !== null && (cart.seen.get(parts.actor) ?? 0) >= parts.counter;
}

function equalDots(a: Dots, b: Dots): boolean {
  return equalMaps(a, b, Object.is);
}

function equalMaps<V>(
  a: ReadonlyMap<string, V>,
  b: ReadonlyMap<string, V>,
  same: (a: V, b: V) => boolean,
): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) {
    const other = b.get(key);
    if (other === undefined || !same(value, other)) return false;
  }
  return true;
}
