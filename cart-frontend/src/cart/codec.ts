import type { Actor, Cart, Dot, Dots, Sku } from './cart';
import { AMOUNT_MAX, splitDot } from './cart';
import { STORED_MAX } from './limits';

export type Parsed =
  { readonly ok: true; readonly cart: Cart } | { readonly ok: false; readonly reason: string };

const FORMAT = 1;
const ACTOR = /^[a-z0-9]{1,32}$/;
/** Starts with a letter or digit, so `__proto__` is none; what else is odd (`constructor`) is only a key of a Map. */
const SKU = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** One text per cart: keys are sorted, so equal carts give equal bytes. It is ASCII, so characters are bytes. */
export function serialise(cart: Cart): string {
  const items = new Map([...cart.items].map(([sku, dots]) => [sku, jsonObject(dots, String)]));
  const seen = jsonObject(cart.seen, String);
  // Written by hand because JSON.stringify puts keys that look like numbers first, whatever their order.
  return `{"format":${FORMAT},"items":${jsonObject(items, (dots) => dots)},"seen":${seen}}`;
}

/** Takes whatever the store holds; anyone may have written it. Never throws. */
export function parse(text: string): Parsed {
  if (text.length > STORED_MAX.chars) return refused(`it is longer than ${STORED_MAX.chars} characters`);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return refused('it is not JSON');
  }
  try {
    return { ok: true, cart: readCart(document) };
  } catch (problem) {
    if (problem instanceof Refusal) return refused(problem.message);
    throw problem;
  }
}

/** Thrown and caught in this file only: a deep reader is clearer when it can stop anywhere. */
class Refusal extends Error {}

function refused(reason: string): Parsed {
  return { ok: false, reason };
}

function readCart(document: unknown): Cart {
  const fields = readObject(document, 'the cart', 3);
  if (fields.get('format') !== FORMAT) throw new Refusal(`its format is not ${FORMAT}`);
  for (const name of fields.keys()) {
    if (!['format', 'items', 'seen'].includes(name))
      throw new Refusal(`it has an unknown field ${quoted(name)}`);
  }
  const seen = readSeen(fields.get('seen'));
  return { seen, items: readItems(fields.get('items'), seen) };
}

function readSeen(value: unknown): ReadonlyMap<Actor, number> {
  const seen = new Map<Actor, number>();
  for (const [actor, counter] of readObject(value, '"seen"', STORED_MAX.actors)) {
    if (!ACTOR.test(actor)) throw new Refusal(`${quoted(actor)} is no actor`);
    seen.set(actor, readInteger(counter, STORED_MAX.counter, `the counter of ${quoted(actor)}`));
  }
  return seen;
}

function readItems(value: unknown, seen: ReadonlyMap<Actor, number>): ReadonlyMap<Sku, Dots> {
  const items = new Map<Sku, Dots>();
  const met = new Set<Dot>();
  for (const [sku, dots] of readObject(value, '"items"', STORED_MAX.items)) {
    if (!SKU.test(sku)) throw new Refusal(`${quoted(sku)} is no product key`);
    items.set(sku, readDots(dots, sku, seen, met));
  }
  return items;
}

function readDots(value: unknown, sku: Sku, seen: ReadonlyMap<Actor, number>, met: Set<Dot>): Dots {
  const dots = new Map<Dot, number>();
  for (const [dot, amount] of readObject(value, `the item ${quoted(sku)}`, STORED_MAX.dots)) {
    const parts = splitDot(dot);
    if (parts === null) throw new Refusal(`${quoted(dot)} is no dot`);
    // A dot beyond `seen` would survive its own removal, and a dot of two products would be removed with either.
    if (parts.counter > (seen.get(parts.actor) ?? 0)) throw new Refusal(`the dot ${quoted(dot)} is not seen`);
    if (met.has(dot)) throw new Refusal(`the dot ${quoted(dot)} belongs to two products`);
    met.add(dot);
    if (met.size > STORED_MAX.dots) throw new Refusal(`it has more than ${STORED_MAX.dots} dots`);
    dots.set(dot, readInteger(amount, AMOUNT_MAX, `the amount of ${quoted(dot)}`));
  }
  if (dots.size === 0) throw new Refusal(`the item ${quoted(sku)} is empty`);
  return dots;
}

function readObject(value: unknown, what: string, sizeMax: number): ReadonlyMap<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal(`${what} is no object`);
  }
  const entries = Object.entries(value);
  if (entries.length > sizeMax) throw new Refusal(`${what} has more than ${sizeMax} entries`);
  return new Map(entries);
}

function readInteger(value: unknown, max: number, what: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1 || value > max) {
    throw new Refusal(`${what} is no integer from 1 to ${max}`);
  }
  return value;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
}

function jsonObject<V>(map: ReadonlyMap<string, V>, json: (value: V) => string): string {
  const fields = [...map]
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([key, value]) => `${JSON.stringify(key)}:${json(value)}`);
  return `{${fields.join(',')}}`;
}

/** The default of `sort`, said aloud: the order must not depend on anyone's language. */
function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
