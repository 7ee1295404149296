import { describe, expect, it } from 'vitest';
import { add, empty, quantityOf } from './cart';
import { parse, serialise } from './codec';
import { EDIT_MAX, STORED_MAX, refusalOfAdd } from './limits';

function reasonOf(text: string): string {
  const parsed = parse(text);
  return parsed.ok ? 'accepted' : parsed.reason;
}

describe('parse', () => {
  it('keeps a product it has never heard of', () => {
    const parsed = parse('{"format":1,"items":{"from-the-future":{"a:1":3}},"seen":{"a":1}}');
    expect(parsed.ok && quantityOf(parsed.cart, 'from-the-future')).toBe(3);
  });

  it.each([
    ['', 'it is not JSON'],
    ['<!doctype html>', 'it is not JSON'],
    ['null', 'the cart is no object'],
    ['[]', 'the cart is no object'],
    ['{}', 'its format is not 1'],
    ['{"format":2,"items":{},"seen":{}}', 'its format is not 1'],
    ['{"format":1,"seen":{}}', '"items" is no object'],
    ['{"format":1,"items":{},"seen":{},"extra":1}', 'the cart has more than 3 entries'],
    ['{"format":1,"items":{},"other":1}', 'it has an unknown field "other"'],
    ['{"format":1,"items":{},"seen":{"A":1}}', '"A" is no actor'],
    ['{"format":1,"items":{},"seen":{"__proto__":1}}', '"__proto__" is no actor'],
    ['{"format":1,"items":{"__proto__":{"a:1":1}},"seen":{"a":1}}', '"__proto__" is no product key'],
    ['{"format":1,"items":{"<b>":{"a:1":1}},"seen":{"a":1}}', '"<b>" is no product key'],
    ['{"format":1,"items":{"mug":{}},"seen":{}}', 'the item "mug" is empty'],
    ['{"format":1,"items":{"mug":{"a":1}},"seen":{"a":1}}', '"a" is no dot'],
    ['{"format":1,"items":{"mug":{"a:01":1}},"seen":{"a":1}}', '"a:01" is no dot'],
    ['{"format":1,"items":{"mug":{"a:2":1}},"seen":{"a":1}}', 'the dot "a:2" is not seen'],
    ['{"format":1,"items":{"mug":{"constructor:1":1}},"seen":{}}', 'the dot "constructor:1" is not seen'],
    [
      '{"format":1,"items":{"mug":{"a:1":1},"tray":{"a:1":1}},"seen":{"a":1}}',
      'the dot "a:1" belongs to two products',
    ],
    [
      '{"format":1,"items":{"mug":{"a:1":0}},"seen":{"a":1}}',
      'the amount of "a:1" is no integer from 1 to 9999',
    ],
    [
      '{"format":1,"items":{"mug":{"a:1":"1"}},"seen":{"a":1}}',
      'the amount of "a:1" is no integer from 1 to 9999',
    ],
    [
      '{"format":1,"items":{"mug":{"a:1":1e4}},"seen":{"a":1}}',
      'the amount of "a:1" is no integer from 1 to 9999',
    ],
    ['{"format":1,"items":{},"seen":{"a":1e300}}', 'the counter of "a" is no integer from 1 to 1000000000'],
  ])('refuses %s: %s', (text, reason) => {
    expect(reasonOf(text)).toBe(reason);
  });

  it('does not touch the prototype of anything', () => {
    reasonOf('{"format":1,"items":{"__proto__":{"polluted":1}},"seen":{"__proto__":{"polluted":1}}}');
    expect(Object.prototype).not.toHaveProperty('polluted');
  });

  it('refuses what is too large, at its own bound', () => {
    const actors = (count: number) =>
      JSON.stringify({
        format: 1,
        items: {},
        seen: Object.fromEntries(Array.from({ length: count }, (_, i) => [`a${i}`, 1])),
      });
    expect(reasonOf(actors(STORED_MAX.actors))).toBe('accepted');
    expect(reasonOf(actors(STORED_MAX.actors + 1))).toContain('more than 10000 entries');
    expect(reasonOf(' '.repeat(STORED_MAX.chars + 1))).toContain('longer than');
    expect(reasonOf('['.repeat(500_000))).toBe('it is not JSON');
  });
});

describe('the bounds of editing', () => {
  it('leave room to merge two full carts into one that parses', () => {
    let cart = empty();
    for (let n = 0; n < EDIT_MAX.dots; n++) cart = add(cart, 'a', `sku-${n % EDIT_MAX.items}`, 1);
    expect(refusalOfAdd(cart, 'a', 'sku-1')).toContain('too many separate additions');
    expect(reasonOf(serialise(cart))).toBe('accepted');
    expect(EDIT_MAX.dots * 2).toBeLessThanOrEqual(STORED_MAX.dots);
    expect(EDIT_MAX.items * 2).toBeLessThanOrEqual(STORED_MAX.items);
    expect(EDIT_MAX.actors * 2).toBeLessThanOrEqual(STORED_MAX.actors);
  });

  it('name the product count and the actor count', () => {
    const full = {
      seen: new Map(Array.from({ length: EDIT_MAX.actors }, (_, i) => [`a${i}`, 1] as const)),
      items: new Map(
        Array.from({ length: EDIT_MAX.items }, (_, i) => [`sku-${i}`, new Map([[`a${i}:1`, 1]])]),
      ),
    };
    expect(refusalOfAdd(full, 'b', 'sku-1')).toContain('opened too many times');
    expect(refusalOfAdd(full, 'a0', 'new')).toContain('at most 300 different products');
    expect(refusalOfAdd(full, 'a0', 'sku-1')).toBeNull();
  });
});
