import { describe, expect, it } from 'vitest';
import type { Sample } from './timeLine';
import { durationsOf, SAMPLE_HOLDS_MILLIS, segmentsOf, TIME_LINE_MILLIS, withSample } from './timeLine';
import type { Verdict } from './verdict';

function samples(...verdicts: readonly (readonly [number, Verdict])[]): readonly Sample[] {
  return verdicts.reduce<readonly Sample[]>(
    (known, [atMillis, verdict]) => withSample(known, { atMillis, verdicts: new Map([['n', verdict]]) }),
    [],
  );
}

describe('a time line', () => {
  it('makes one segment of equal verdicts in a row', () => {
    expect(segmentsOf(samples([0, 'alive'], [1_000, 'alive'], [2_000, 'down']), 'n', 3_000)).toEqual([
      { verdict: 'alive', fromMillis: 0, toMillis: 2_000 },
      { verdict: 'down', fromMillis: 2_000, toMillis: 3_000 },
    ]);
  });

  it('says nothing of the time in which nobody looked', () => {
    expect(segmentsOf(samples([0, 'alive'], [60_000, 'alive']), 'n', 60_500)).toEqual([
      { verdict: 'alive', fromMillis: 0, toMillis: SAMPLE_HOLDS_MILLIS },
      { verdict: 'alive', fromMillis: 60_000, toMillis: 60_500 },
    ]);
  });

  it('ends two minutes ago', () => {
    const all = samples([0, 'down'], [2_000, 'alive'], [4_000, 'alive']);
    expect(segmentsOf(all, 'n', TIME_LINE_MILLIS + 1_000)).toEqual([
      { verdict: 'down', fromMillis: 1_000, toMillis: 2_000 },
      { verdict: 'alive', fromMillis: 2_000, toMillis: 4_000 + SAMPLE_HOLDS_MILLIS },
    ]);
  });

  it('keeps no more than it can show, however long the page is open', () => {
    const hour = Array.from({ length: 3_600 }, (_, second) => [second * 1_000, 'alive'] as const);
    const kept = samples(...hour);
    expect(kept.length).toBeLessThanOrEqual((TIME_LINE_MILLIS + SAMPLE_HOLDS_MILLIS) / 1_000 + 1);
    expect(segmentsOf(kept, 'n', 3_599_000)).toEqual([
      { verdict: 'alive', fromMillis: 3_599_000 - TIME_LINE_MILLIS, toMillis: 3_599_000 },
    ]);
  });

  it('of a member that came later begins when it came', () => {
    expect(segmentsOf(samples([0, 'alive']), 'other', 1_000)).toEqual([]);
  });

  it('can be summed up', () => {
    const segments = segmentsOf(
      samples([0, 'alive'], [1_000, 'down'], [3_000, 'alive'], [4_000, 'alive']),
      'n',
      5_000,
    );
    expect([...durationsOf(segments)]).toEqual([
      ['alive', 3_000],
      ['down', 2_000],
    ]);
  });
});
