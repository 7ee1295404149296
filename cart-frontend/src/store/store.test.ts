import { afterEach, describe, expect, it, vi } from 'vitest';
import { httpCartStore } from './index';
import { requestId } from './requestId';
import { REQUEST_TIMEOUT_MILLIS } from './transport';

interface Sent {
  readonly url: string;
  readonly method: string | undefined;
  readonly headers: Headers;
  readonly body: unknown;
}

const sent: Sent[] = [];

/** A store of one answer. */
function answering(answer: (signal: AbortSignal | null | undefined) => Promise<Response>): void {
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    sent.push({ url, method: init.method, headers: new Headers(init.headers), body: init.body });
    return answer(init.signal);
  });
}

function answer(status: number, headers: Record<string, string>, body: string | null): void {
  answering(() => Promise.resolve(new Response(body, { status, headers })));
}

function problem(status: number, more: Record<string, unknown> = {}): void {
  const body = { type: 'about:blank', title: 'T', status, detail: 'D', requestId: 'r-9', ...more };
  answer(status, { 'Content-Type': 'application/problem+json' }, JSON.stringify(body));
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
  sent.length = 0;
});

describe('reading', () => {
  it('gives one version and its context', async () => {
    answer(200, { 'X-Dynamo-Context': 'c1' }, '{"a":1}');
    expect(await httpCartStore.read('mine')).toEqual({
      kind: 'found',
      context: 'c1',
      versions: [{ kind: 'text', text: '{"a":1}' }],
    });
    expect(sent[0]).toMatchObject({ url: '/api/v1/kv/carts/mine', method: 'GET' });
  });

  it('gives all siblings, and the unreadable ones as such', async () => {
    const versions = [{ value: btoa('{}') }, { value: '%%' }, { value: btoa('\xff\xfe') }, {}, null];
    answer(300, { 'X-Dynamo-Context': 'c2' }, JSON.stringify({ versions }));
    expect(await httpCartStore.read('mine')).toEqual({
      kind: 'found',
      context: 'c2',
      versions: [
        { kind: 'text', text: '{}' },
        { kind: 'garbled', reason: 'its value is not base64' },
        { kind: 'garbled', reason: 'it is not text' },
        { kind: 'garbled', reason: 'it has no value' },
        { kind: 'garbled', reason: 'it has no value' },
      ],
    });
  });

  it('gives the context of a tombstone', async () => {
    answer(404, { 'X-Dynamo-Context': 'grave' }, '{}');
    expect(await httpCartStore.read('mine')).toEqual({ kind: 'absent', context: 'grave' });
  });

  it.each(['', 'null', '{}', '{"versions":[]}', '{"versions":{}}', 'nonsense'])(
    'fails on a 300 that says %j',
    async (body) => {
      answer(300, {}, body);
      expect(await httpCartStore.read('mine')).toMatchObject({
        kind: 'failed',
        failure: { kind: 'garbled' },
      });
    },
  );
});

describe('writing', () => {
  it('sends the context, the type and a fresh request id', async () => {
    answer(204, { 'X-Dynamo-Context': 'c2' }, null);
    expect(await httpCartStore.write('mine', '{}', 'c1')).toEqual({ kind: 'written', context: 'c2' });
    await httpCartStore.write('mine', '{}', null);
    expect(sent[0]?.method).toBe('PUT');
    expect(sent[0]?.body).toBe('{}');
    expect(sent[0]?.headers.get('X-Dynamo-Context')).toBe('c1');
    expect(sent[0]?.headers.get('Content-Type')).toBe('application/json');
    expect(sent[1]?.headers.get('X-Dynamo-Context')).toBeNull();
    expect(sent[1]?.headers.get('X-Request-Id')).not.toBe(sent[0]?.headers.get('X-Request-Id'));
  });

  it('says that siblings are left by giving no context', async () => {
    answer(204, {}, null);
    expect(await httpCartStore.write('mine', '{}', 'c1')).toEqual({ kind: 'written', context: null });
  });

  it.each([
    [400, 'rejected'],
    [409, 'crowded'],
    [412, 'expired'],
    [413, 'rejected'],
    [414, 'rejected'],
    [422, 'rejected'],
    [429, 'refused'],
    [503, 'refused'],
    [500, 'unknown'],
    [502, 'unknown'],
    [504, 'unknown'],
    [200, 'garbled'],
  ])('takes %i as %s', async (status, kind) => {
    problem(status, { votesNeeded: 2, votesReceived: 1 });
    expect(await httpCartStore.write('mine', '{}', null)).toMatchObject({
      kind: 'failed',
      failure: { kind, title: 'T', detail: 'D', requestId: 'r-9', votesNeeded: 2, votesReceived: 1 },
    });
  });

  it('does not believe the shape of a problem', async () => {
    problem(503, { title: { a: 1 }, detail: 'x'.repeat(9999), requestId: 7, votesNeeded: -1 });
    const outcome = await httpCartStore.write('mine', '{}', null);
    expect(outcome).toMatchObject({ failure: { title: 'The store answered 503', votesNeeded: null } });
    expect(outcome.kind === 'failed' && outcome.failure.detail?.length).toBe(300);
    expect(outcome.kind === 'failed' && outcome.failure.requestId).toBe(sent[0]?.headers.get('X-Request-Id'));
  });

  it('obeys Retry-After in seconds', async () => {
    answer(503, { 'Retry-After': '2' }, 'busy');
    expect(await httpCartStore.write('mine', '{}', null)).toMatchObject({
      failure: { retryAfterMillis: 2000 },
    });
  });

  it('gives up in time', async () => {
    vi.useFakeTimers();
    answering(
      (signal) =>
        new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted')))),
    );
    const outcome = httpCartStore.write('mine', '{}', null);
    await vi.advanceTimersByTimeAsync(REQUEST_TIMEOUT_MILLIS);
    expect(await outcome).toMatchObject({ kind: 'failed', failure: { kind: 'timeout' } });
  });

  it('knows a lost connection', async () => {
    answering(() => Promise.reject(new TypeError('Failed to fetch')));
    expect(await httpCartStore.write('mine', '{}', null)).toMatchObject({ failure: { kind: 'unreachable' } });
  });
});

it('makes request ids of the usual form, also without https', () => {
  expect(requestId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
