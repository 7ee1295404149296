import { describe, expect, it } from 'vitest';
import {
  add,
  empty,
  equal,
  includes,
  merge,
  quantityOf,
  remove,
  removeAll,
  setQuantity,
  total,
} from './cart';

describe('a cart', () => {
  it('sums the amounts of its adds', () => {
    const cart = add(add(add(empty(), 'a', 'mug', 1), 'a', 'mug', 2), 'a', 'tray', 5);
    expect(quantityOf(cart, 'mug')).toBe(3);
    expect(quantityOf(cart, 'tray')).toBe(5);
    expect(quantityOf(cart, 'lamp')).toBe(0);
  });

  it('never changes in place', () => {
    const before = add(empty(), 'a', 'mug', 1);
    add(before, 'a', 'mug', 1);
    setQuantity(before, 'a', 'mug', 7);
    remove(before, 'mug');
    expect(quantityOf(before, 'mug')).toBe(1);
    expect(before.seen.get('a')).toBe(1);
  });

  it('refuses an amount that is no integer from 1 to 9999', () => {
    for (const amount of [0, -1, 1.5, 10_000, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => add(empty(), 'a', 'mug', amount)).toThrow(RangeError);
      expect(() => setQuantity(empty(), 'a', 'mug', amount)).toThrow(RangeError);
    }
  });

  it('totals what has a price and skips what has none', () => {
    const cart = add(add(empty(), 'a', 'mug', 3), 'a', 'constructor', 2);
    expect(total(cart, (sku) => (sku === 'mug' ? 2400 : undefined))).toBe(7200);
  });

  it('knows which copy has everything of another, removals too', () => {
    const one = add(empty(), 'a', 'mug', 1);
    const two = add(one, 'b', 'mug', 1);
    const removed = remove(one, 'mug');
    expect(includes(two, one)).toBe(true);
    expect(includes(one, two)).toBe(false);
    expect(includes(removed, one)).toBe(true);
    expect(includes(one, removed)).toBe(false);
  });
});

describe('two browsers', () => {
  const start = add(empty(), 'a', 'mug', 2);

  it('keep both of two concurrent adds', () => {
    const merged = merge(add(start, 'b', 'mug', 1), add(start, 'c', 'mug', 1));
    expect(quantityOf(merged, 'mug')).toBe(4);
  });

  it('keep an add to a product that the other one removed', () => {
    const merged = merge(remove(start, 'mug'), add(start, 'c', 'mug', 1));
    expect(quantityOf(merged, 'mug')).toBe(1);
  });

  it('do not see a removed product come back from an old copy', () => {
    expect(quantityOf(merge(remove(start, 'mug'), start), 'mug')).toBe(0);
    expect(equal(merge(removeAll(start), start), removeAll(start))).toBe(true);
  });

  it('set only what they saw: an unseen add counts on top', () => {
    const merged = merge(setQuantity(start, 'b', 'mug', 5), add(start, 'c', 'mug', 1));
    expect(quantityOf(merged, 'mug')).toBe(6);
  });

  it('add up two quantities set at the same time: too much is visible, too little would be lost', () => {
    const merged = merge(setQuantity(start, 'b', 'mug', 5), setQuantity(start, 'c', 'mug', 1));
    expect(quantityOf(merged, 'mug')).toBe(6);
  });
});
