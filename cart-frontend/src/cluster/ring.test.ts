import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Arc } from './ring';
import { arcsPath, primaryArcs, slotsOf } from './ring';
import { idOf, viewOf } from './views.test-kit';

const BAND = { centre: 100, inner: 50, outer: 100 };

function arcsOf(primaries: readonly number[]): ReadonlyMap<string, readonly Arc[]> {
  return primaryArcs(viewOf({ by: 'a', owners: primaries.map((primary) => [primary]) }).map);
}

describe('the ring', () => {
  it('gives each partition to the member with its first slot, in ring order', () => {
    expect(arcsOf([0, 1, 0, 2])).toEqual(
      new Map([
        [
          idOf('a'),
          [
            { from: 0, to: 0.25 },
            { from: 0.5, to: 0.75 },
          ],
        ],
        [idOf('b'), [{ from: 0.25, to: 0.5 }]],
        [idOf('c'), [{ from: 0.75, to: 1 }]],
      ]),
    );
  });

  it('makes one arc of neighbours', () => {
    expect(arcsOf([1, 1, 1, 0]).get(idOf('b'))).toEqual([{ from: 0, to: 0.75 }]);
  });

  it('is covered once, whoever owns what: each member has as much of it as it has first slots', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 64 }), (primaries) => {
        const arcs = arcsOf(primaries);
        const all = [...arcs.values()].flat().sort((one, other) => one.from - other.from);
        expect(all[0]?.from).toBe(0);
        expect(all.at(-1)?.to).toBe(1);
        all.slice(1).forEach((arc, index) => expect(arc.from).toBe(all[index]?.to));
        ['a', 'b', 'c'].forEach((name, member) => {
          const share = (arcs.get(idOf(name)) ?? []).reduce((sum, { from, to }) => sum + to - from, 0);
          const slots = primaries.filter((primary) => primary === member).length;
          expect(share).toBeCloseTo(slots / primaries.length);
        });
      }),
    );
  });

  it('is drawn clockwise from the top, out along the outer rim and back along the inner one', () => {
    expect(arcsPath([{ from: 0, to: 0.25 }], BAND)).toBe(
      'M100 0A100 100 0 0 1 200 100L150 100A50 50 0 0 0 100 50Z',
    );
  });

  it('is drawn whole when one member has all of it', () => {
    const path = arcsPath([{ from: 0, to: 1 }], BAND);
    expect(path.match(/M/g)).toHaveLength(2);
    expect(path).toContain('A100 100 0 0 1 100 200');
  });
});

describe('slots', () => {
  it('are counted by member, the first ones and all', () => {
    const { map } = viewOf({
      by: 'a',
      owners: [
        [0, 1],
        [0, 1],
        [1, 0],
        [0, 1],
      ],
    });
    expect([...slotsOf(map)]).toEqual([
      [idOf('a'), { primaries: 3, all: 4 }],
      [idOf('b'), { primaries: 1, all: 4 }],
      [idOf('c'), { primaries: 0, all: 0 }],
    ]);
  });
});
