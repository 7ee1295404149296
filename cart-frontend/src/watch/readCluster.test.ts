import { afterEach, describe, expect, it, vi } from 'vitest';
import { VIEW_MAX } from '../cluster';
import { documentOf, viewOf } from '../cluster/views.test-kit';
import { readCluster } from './readCluster';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** What the store answers, or how it does not. */
function store(fetch: (url: string, options: RequestInit) => Promise<Response>) {
  vi.stubGlobal('fetch', fetch);
}

function json(document: unknown, status = 200): Response {
  return new Response(JSON.stringify(document), { status });
}

describe('the question', () => {
  it('is a read of one path that follows no redirect and is kept by nobody', async () => {
    const asked: unknown[] = [];
    store((url, { method, cache, redirect }) => {
      asked.push([url, method, cache, redirect]);
      return Promise.resolve(json(documentOf({ by: 'a' })));
    });
    expect(await readCluster()).toEqual({ kind: 'answered', view: viewOf({ by: 'a' }) });
    expect(asked).toEqual([['/api/v1/cluster', undefined, 'no-store', 'error']]);
  });

  it.each([
    [json({ title: '<b>' }, 503), 'the store answered 503'],
    [json(documentOf({ by: 'a' }), 203), 'the store answered 203'],
    [json([]), 'the answer makes no sense: the answer is no object'],
    [new Response('x'.repeat(VIEW_MAX.chars + 1)), 'the answer is too long'],
  ])('says why there is no answer (%#)', async (response, why) => {
    store(() => Promise.resolve(response));
    expect(await readCluster()).toEqual({ kind: 'failed', why });
  });

  it('never throws: a net that is away is an outcome', async () => {
    store(() => Promise.reject(new TypeError('Failed to fetch')));
    expect(await readCluster()).toEqual({ kind: 'failed', why: 'it cannot be reached' });
  });

  it('ends in time', async () => {
    vi.useFakeTimers();
    store(
      (_, { signal }) =>
        new Promise((_, reject) => {
          signal?.addEventListener('abort', () => reject(new Error('aborted')));
        }),
    );
    const outcome = readCluster();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await outcome).toEqual({ kind: 'failed', why: 'no answer came in time' });
  });
});
