import { describe, expect, it } from 'vitest';
import type { Board } from './board';
import { answered, EMPTY_BOARD, failed, verdictOn, VIEW_AGE_MILLIS_MAX } from './board';
import type { MemberPicture, Picture } from './picture';
import { pictureOf } from './picture';
import type { Said } from './views.test-kit';
import { partiesOf } from './verdict';
import { idOf, viewOf } from './views.test-kit';

/** What was said, and when. */
function boardOf(...said: readonly (readonly [number, Said])[]): Board {
  return said.reduce((board, [atMillis, each]) => answered(board, viewOf(each), atMillis), EMPTY_BOARD);
}

function pictured(board: Board, nowMillis: number): Picture {
  const picture = pictureOf(board, nowMillis);
  if (picture === null) throw new Error('there is no map');
  return picture;
}

function memberOf(board: Board, name: string, nowMillis: number): MemberPicture {
  const found = pictured(board, nowMillis).members.find(({ member }) => member.name === name);
  if (found === undefined) throw new Error(`no member is called ${name}`);
  return found;
}

describe('the views of several nodes', () => {
  it('are kept one for each node, the newest', () => {
    const board = boardOf([0, { by: 'a', of: { c: 'suspect' } }], [1_000, { by: 'b' }], [2_000, { by: 'a' }]);
    expect(pictured(board, 3_000).viewers).toEqual([
      { name: 'a', ageMillis: 1_000 },
      { name: 'b', ageMillis: 2_000 },
    ]);
    expect(memberOf(board, 'c', 3_000).opinions).toEqual([
      { viewer: idOf('a'), viewerName: 'a', liveness: 'alive', ageMillis: 1_000 },
      { viewer: idOf('b'), viewerName: 'b', liveness: 'alive', ageMillis: 2_000 },
    ]);
  });

  it('are dropped when they are older than ten seconds', () => {
    const old = boardOf([0, { by: 'c' }]);
    expect(answered(old, viewOf({ by: 'a' }), VIEW_AGE_MILLIS_MAX).views.size).toBe(2);
    const later = answered(old, viewOf({ by: 'a', of: { c: 'down' } }), VIEW_AGE_MILLIS_MAX + 1);
    expect([...later.views.keys()]).toEqual([idOf('a')]);
    expect(memberOf(later, 'c', VIEW_AGE_MILLIS_MAX + 1).answerAgeMillis).toBeNull();
  });

  it('age too while nobody answers, and the last map stays', () => {
    const board = failed(boardOf([0, { by: 'a' }]), 'no answer came in time', VIEW_AGE_MILLIS_MAX + 1);
    const picture = pictured(board, VIEW_AGE_MILLIS_MAX + 1);
    expect(picture.viewers).toEqual([]);
    expect(picture.trouble).toBe('no answer came in time');
    expect(picture.members.map(({ verdict }) => verdict)).toEqual(['unheard', 'unheard', 'unheard']);
    expect(answered(board, viewOf({ by: 'b' }), 12_000).trouble).toBeNull();
  });

  it('that say the same are a verdict; a node does not judge itself', () => {
    const board = boardOf(
      [0, { by: 'a', of: { c: 'down' } }],
      [0, { by: 'b', of: { c: 'down' } }],
      [0, { by: 'c' }],
    );
    expect(memberOf(board, 'c', 0).verdict).toBe('down');
    expect(memberOf(board, 'a', 0).verdict).toBe('alive');
    expect(memberOf(board, 'c', 0).answerAgeMillis).toBe(0);
  });

  it('that differ are shown as such', () => {
    const board = boardOf([0, { by: 'a', of: { c: 'down' } }], [0, { by: 'b', of: { c: 'suspect' } }]);
    expect(memberOf(board, 'c', 0).verdict).toBe('disputed');
    expect(memberOf(board, 'c', 0).opinions.map(({ liveness }) => liveness)).toEqual(['down', 'suspect']);
  });

  it('are counted by what they say', () => {
    const board = boardOf([0, { by: 'a', of: { c: 'down' } }], [2_000, { by: 'b', of: { c: 'down' } }]);
    expect(partiesOf(memberOf(board, 'c', 3_000).opinions)).toEqual([
      { liveness: 'down', viewerNames: ['a', 'b'], youngestMillis: 1_000, oldestMillis: 3_000 },
    ]);
    const disputed = answered(board, viewOf({ by: 'a' }), 4_000);
    expect(partiesOf(memberOf(disputed, 'c', 4_000).opinions).map(({ liveness }) => liveness)).toEqual([
      'alive',
      'down',
    ]);
  });

  it('leave a member that nobody else speaks of to its own answer', () => {
    const board = boardOf([0, { by: 'a' }]);
    expect(verdictOn(board, idOf('a'), 0)).toBe('alive');
    expect(verdictOn(failed(board, 'gone', 20_000), idOf('a'), 20_000)).toBe('unheard');
  });

  it('count the hints for a member where they are kept', () => {
    const board = boardOf([0, { by: 'b', hints: { c: 5 } }], [0, { by: 'a', hints: { c: 7, b: 1 } }]);
    expect(memberOf(board, 'c', 0)).toMatchObject({
      hintsWaiting: 12,
      keepers: [
        { name: 'a', hints: 7 },
        { name: 'b', hints: 5 },
      ],
    });
    expect(memberOf(board, 'a', 0)).toMatchObject({ hintsWaiting: 0, keepers: [] });
  });
});

describe('the maps of several nodes', () => {
  it('are one map while they are the same, and that is the same object', () => {
    const board = boardOf([0, { by: 'a' }], [1, { by: 'b' }]);
    expect(pictured(board, 1).maps.map(({ epoch, viewers }) => [epoch, viewers])).toEqual([[1, ['a', 'b']]]);
    expect(board.map).toBe(board.views.get(idOf('a'))?.view.map);
    expect(board.map).toBe(board.views.get(idOf('b'))?.view.map);
  });

  it('are shown by who serves them when they differ; the newest is drawn', () => {
    const board = boardOf(
      [0, { by: 'a', epoch: 2 }],
      [0, { by: 'b' }],
      [0, { by: 'c', term: 2, hash: 'c2' }],
    );
    const picture = pictured(board, 0);
    expect(picture.map.term).toBe(2);
    expect(picture.maps.map(({ term, epoch, viewers }) => [term, epoch, viewers])).toEqual([
      [2, 1, ['c']],
      [1, 2, ['a']],
      [1, 1, ['b']],
    ]);
  });

  it('of one epoch with two hashes are two, in whichever order they came (rule M1)', () => {
    const one: Said = { by: 'a', hash: 'aa' };
    const other: Said = { by: 'b', hash: 'bb' };
    for (const board of [boardOf([0, one], [0, other]), boardOf([0, other], [0, one])]) {
      expect(pictured(board, 0).maps.map(({ viewers }) => viewers)).toEqual([['b'], ['a']]);
      expect(board.map?.hash).toMatch(/bb$/);
    }
  });

  it('are not there before the first answer', () => {
    expect(pictureOf(EMPTY_BOARD, 0)).toBeNull();
    expect(pictureOf(failed(EMPTY_BOARD, 'it cannot be reached', 0), 0)).toBeNull();
  });
});

describe('a member’s time line', () => {
  it('has what the others said of it from question to question', () => {
    const board = boardOf(
      [0, { by: 'a' }],
      [1_000, { by: 'a', of: { c: 'suspect' } }],
      [2_000, { by: 'a', of: { c: 'down' } }],
      [3_000, { by: 'a', of: { c: 'down' } }],
    );
    expect(memberOf(board, 'c', 3_500).timeLine).toEqual([
      { verdict: 'alive', fromMillis: 0, toMillis: 1_000 },
      { verdict: 'suspect', fromMillis: 1_000, toMillis: 2_000 },
      { verdict: 'down', fromMillis: 2_000, toMillis: 3_500 },
    ]);
  });
});
