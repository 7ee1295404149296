import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, VIEW_MAX } from './parse';
import { documentOf, idOf, viewOf } from './views.test-kit';

type Document = ReturnType<typeof documentOf>;

function reasonOf(document: unknown): string {
  const parsed = parse(JSON.stringify(document));
  return parsed.ok ? 'accepted' : parsed.reason;
}

/** A sound answer with one thing changed. */
function changed(change: (document: Document) => object): string {
  return reasonOf(change(documentOf({ by: 'a' })));
}

function withMap(fields: object): string {
  return changed((document) => ({ ...document, map: { ...document.map, ...fields } }));
}

function withMember(fields: object): string {
  return changed((document) => ({
    ...document,
    members: document.members.map((member, position) => (position === 0 ? { ...member, ...fields } : member)),
  }));
}

describe('an answer', () => {
  it('says who answers, by which map, and what it believes of each member', () => {
    const view = viewOf({ by: 'b', of: { c: 'down' }, hints: { c: 7 }, epoch: 4 });
    expect(view.self).toBe(idOf('b'));
    expect([view.map.epoch, view.map.replicationFactor, view.map.owners.length]).toEqual([4, 3, 4]);
    expect(view.beliefs.get(idOf('c'))).toEqual({ liveness: 'down', hintsWaiting: 7 });
    expect(view.beliefs.get(idOf('a'))).toEqual({ liveness: 'alive', hintsWaiting: 0 });
  });

  it('may have fields that this page does not know', () => {
    expect(withMap({ format: 9, news: {} })).toBe('accepted');
    expect(withMember({ load: 0.5 })).toBe('accepted');
  });

  it.each([
    ['', 'it is not JSON'],
    ['<!doctype html>', 'it is not JSON'],
    ['null', 'the answer is no object'],
    ['[]', 'the answer is no object'],
    ['{}', '"self" is not of the right form'],
  ])('%j is none: %s', (text, reason) => {
    expect(parse(text)).toEqual({ ok: false, reason });
  });

  it('names its node by an id, and nothing else', () => {
    for (const self of [
      undefined,
      null,
      7,
      '',
      'node-1',
      `${idOf('a')}<b>`,
      idOf('a').toUpperCase() + 'A',
      {},
    ]) {
      expect(changed((document) => ({ ...document, self }))).toBe('"self" is not of the right form');
    }
  });

  it('has a map whose numbers are numbers', () => {
    for (const field of ['term', 'epoch']) {
      for (const value of [undefined, null, 0, -1, 1.5, '1', 1e300]) {
        expect(withMap({ [field]: value })).toContain(`"${field}" is no integer`);
      }
    }
    expect(withMap({ replicationFactor: 4 })).toContain('"replicationFactor" is no integer from 1 to 3');
    expect(withMap({ hash: 'x' })).toContain('"hash"');
    expect(withMap({ clusterId: 'x' })).toContain('"clusterId"');
  });

  it('has owners that are members, each once', () => {
    const owners = (...positions: unknown[]) => withMap({ partitions: [{ owners: positions }] });
    expect(owners(0, 1, 2)).toBe('accepted');
    expect(owners(0, 3)).toBe('partition 0 has an owner that is no member');
    expect(owners(-1)).toBe('partition 0 has an owner that is no member');
    expect(owners('0')).toBe('partition 0 has an owner that is no member');
    expect(owners(1, 1)).toBe('partition 0 has an owner twice');
    expect(owners()).toContain('has not 1 to 3 entries');
    expect(withMap({ partitions: [null] })).toBe('partition 0 is no object');
    expect(withMap({ partitions: {} })).toBe('"partitions" is no list');
  });

  it('speaks of exactly the members of its map', () => {
    expect(changed((document) => ({ ...document, members: document.members.slice(1) }))).toBe(
      '"members" are not those of its map',
    );
    expect(withMember({ nodeId: idOf('x') })).toBe('"members" are not those of its map');
    expect(withMember({ nodeId: idOf('b') })).toBe('"members" are not those of its map');
    expect(
      withMap({ members: Array.from({ length: 2 }, () => documentOf({ by: 'a' }).map.members[0]) }),
    ).toBe('a member is there twice');
  });

  it('knows three livenesses and whole hints', () => {
    for (const liveness of [undefined, null, 'dead', 'ALIVE', '__proto__', ['alive']]) {
      expect(withMember({ liveness })).toBe('"liveness" is none of alive, suspect and down');
    }
    for (const hintsWaiting of [undefined, null, -1, 0.5, '3', 1e300]) {
      expect(withMember({ hintsWaiting })).toContain('"hintsWaiting" is no integer');
    }
  });

  it('is bounded', () => {
    const members = Array.from({ length: VIEW_MAX.members + 1 }, () => ({}));
    expect(withMap({ members })).toContain('has not 1 to 1000 entries');
    expect(withMap({ partitions: Array.from({ length: VIEW_MAX.partitions + 1 }, () => ({})) })).toContain(
      'has not 1 to 65536 entries',
    );
    expect(parse(' '.repeat(VIEW_MAX.chars + 1))).toMatchObject({ ok: false });
    const long = documentOf({ by: 'a' }).map.members.map((member) => ({ ...member, name: 'n'.repeat(254) }));
    expect(withMap({ members: long })).toContain('"name" is no name');
  });

  it('may be anything at all: nothing throws, and nothing reaches a prototype', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parse(text).ok).toBe(false);
      }),
    );
    parse('{"self":"x","__proto__":{"polluted":1},"map":{"__proto__":{"polluted":1}}}');
    expect(Object.prototype).not.toHaveProperty('polluted');
  });
});
