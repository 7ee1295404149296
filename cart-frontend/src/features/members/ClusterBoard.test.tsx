// @vitest-environment happy-dom
import { cleanup, render, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { Board } from '../../cluster';
import { answered, EMPTY_BOARD, failed, parse } from '../../cluster';
import type { Said } from '../../cluster/views.test-kit';
import { documentOf, viewOf } from '../../cluster/views.test-kit';
import { ClusterBoard } from './ClusterBoard';

afterEach(cleanup);

function boardOf(...said: readonly Said[]): Board {
  return said.reduce((board, each) => answered(board, viewOf(each), 0), EMPTY_BOARD);
}

function show(board: Board, nowMillis = 1_000) {
  render(<ClusterBoard board={board} nowMillis={nowMillis} />);
}

function cardOf(name: string) {
  const card = screen.getByRole('heading', { level: 3, name }).closest('li');
  if (card === null) throw new Error('a member is an entry of a list');
  return within(card);
}

/** What the others say of it. */
function wordsOf(name: string): readonly string[] {
  return cardOf(name)
    .getAllByRole('listitem')
    .map((entry) => entry.textContent);
}

describe('the page about the nodes', () => {
  it('says first that all is well', () => {
    show(boardOf({ by: 'a' }, { by: 'b' }));
    expect(screen.getByTestId('headline').textContent).toBe('All 3 members are alive');
    expect(screen.getByTestId('epoch').textContent).toBe('Map: epoch 1');
    expect(screen.getByTestId('maps').textContent).toBe('');
  });

  it('says who is down in words, not by a colour alone', () => {
    show(boardOf({ by: 'a', of: { c: 'down' } }, { by: 'b', of: { c: 'down' } }));
    expect(screen.getByTestId('headline').textContent).toBe('c is down');
    expect(cardOf('c').getByTestId('verdict').textContent).toBe('Down');
    expect(wordsOf('c')).toEqual(['down a and b (1 s ago)']);
    expect(cardOf('c').getByRole('img').getAttribute('aria-label')).toBe(
      'Seen in the last two minutes: down 1 s',
    );
    expect(cardOf('c').getByText('No recent answer of its own')).toBeDefined();
  });

  it('shows that viewers disagree', () => {
    show(boardOf({ by: 'a', of: { c: 'down' } }, { by: 'b', of: { c: 'suspect' } }));
    expect(screen.getByTestId('headline').textContent).toBe('c is disputed');
    expect(wordsOf('c')).toEqual(['down a (1 s ago)', 'suspect b (1 s ago)']);
  });

  it('tells how many writes wait, and who keeps them', () => {
    show(boardOf({ by: 'a', hints: { c: 1_200 } }, { by: 'b', hints: { c: 34 } }));
    expect(cardOf('c').getByTestId('hints').textContent).toBe('1,234 writes, kept by a (1,200) and b (34)');
    expect(cardOf('a').getByTestId('hints').textContent).toBe('None');
    expect(screen.getByTestId('hints-in-all').textContent).toBe('Hints waiting: 1,234');
  });

  it('shows the balance in words too', () => {
    show(
      boardOf({
        by: 'a',
        owners: [
          [0, 1],
          [0, 2],
          [0, 1],
          [2, 0],
        ],
      }),
    );
    expect(cardOf('a').getByText('4 in all, 3 of them first; an even share is 3')).toBeDefined();
    expect(screen.getByRole('img', { name: /Each of 4 partitions lies on 3 members/ })).toBeDefined();
  });

  it('shows which nodes have another map', () => {
    show(boardOf({ by: 'a', epoch: 2 }, { by: 'b' }, { by: 'c', epoch: 2 }));
    expect(screen.getByTestId('maps').textContent).toBe(
      'Not all serve the same map yet: a and c: epoch 2; b: epoch 1.',
    );
  });

  it('shows two maps of one epoch by their hashes (rule M1)', () => {
    show(boardOf({ by: 'a', hash: `aa${'0'.repeat(62)}` }, { by: 'b', hash: `bb${'0'.repeat(62)}` }));
    expect(screen.getByTestId('maps').textContent).toBe(
      'Different maps of one epoch: b: epoch 1 (bb000000); a: epoch 1 (aa000000).',
    );
  });

  it('says why there is no answer, and keeps what it knew', () => {
    show(failed(boardOf({ by: 'a' }), 'no answer came in time', 1_000));
    expect(screen.getByTestId('headline').textContent).toBe(
      'No answer from the store: no answer came in time. Asking again.',
    );
    expect(screen.getAllByTestId('member')).toHaveLength(3);
  });

  it('before the first answer says that it asks', () => {
    show(EMPTY_BOARD);
    expect(screen.getByTestId('headline').textContent).toBe('Asking the store');
    expect(screen.queryByRole('main')).toBeNull();
  });

  it('shows a name as text, whatever it is', () => {
    const name = '<img src=x onerror=alert(1)>';
    const document = documentOf({ by: 'a' });
    const members = document.map.members.map((member) => ({ ...member, name }));
    const parsed = parse(JSON.stringify({ ...document, map: { ...document.map, members } }));
    if (!parsed.ok) throw new Error(parsed.reason);
    show(answered(EMPTY_BOARD, parsed.view, 0));
    expect(screen.getAllByRole('heading', { level: 3, name })).toHaveLength(3);
    expect(globalThis.document.querySelector('img')).toBeNull();
  });
});
