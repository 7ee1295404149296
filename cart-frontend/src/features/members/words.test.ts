import { describe, expect, it } from 'vitest';
import { agoText, listed, partyText, sinceText, timeLineText } from './words';

describe('the words', () => {
  it('name a few and count the rest', () => {
    expect(listed(['a'])).toBe('a');
    expect(listed(['a', 'b'])).toBe('a and b');
    expect(listed(['a', 'b', 'c', 'd'])).toBe('a, b, c and d');
    expect(listed(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c and 2 more');
  });

  it('tell ages in whole seconds', () => {
    expect([0, 499, 500, 1_499, 9_600].map(agoText)).toEqual([
      'now',
      'now',
      '1 s ago',
      '1 s ago',
      '10 s ago',
    ]);
  });

  it('tell who says something, and from when to when', () => {
    const party = {
      liveness: 'down',
      viewerNames: ['a', 'b'],
      youngestMillis: 0,
      oldestMillis: 3_000,
    } as const;
    expect(partyText(party)).toBe('a and b (now to 3 s ago)');
    expect(partyText({ ...party, youngestMillis: 1_000 })).toBe('a and b (1 to 3 s ago)');
    expect(partyText({ ...party, oldestMillis: 0 })).toBe('a and b (now)');
  });

  it('tell since when, as far as the page has looked', () => {
    const alive = { verdict: 'alive', fromMillis: 0, toMillis: 7_000 } as const;
    expect(sinceText([alive], 'alive')).toBe('alive for 7 s');
    expect(sinceText([{ ...alive, toMillis: 120_000 }], 'alive')).toBe('alive for 2 min or more');
    expect(sinceText([alive], 'down')).toBe('');
    expect(sinceText([], 'alive')).toBe('');
  });

  it('tell what a time line shows', () => {
    expect(timeLineText([])).toBe('Nothing seen yet');
    expect(
      timeLineText([
        { verdict: 'alive', fromMillis: 0, toMillis: 5_000 },
        { verdict: 'down', fromMillis: 5_000, toMillis: 7_000 },
        { verdict: 'alive', fromMillis: 7_000, toMillis: 8_000 },
      ]),
    ).toBe('Seen in the last two minutes: alive 6 s, down 2 s');
  });
});
