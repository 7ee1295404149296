import type { Failure } from '../sync/port';
import { failureOfAnswer, failureWithoutAnswer } from './problem';

/** How long one request may take, its body included. */
export const REQUEST_TIMEOUT_MILLIS = 3_000;
/** The largest answer that is looked at: a few siblings of the largest value, in base64. */
export const ANSWER_BYTES_MAX = 8 * 1_048_576;

export interface Answer {
  readonly status: number;
  readonly context: string | null;
  readonly bytes: Uint8Array;
}

export type Exchange =
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface Call {
  readonly method: 'GET' | 'PUT';
  readonly cartId: string;
  readonly requestId: string;
  readonly context?: string | null;
  readonly body?: string;
}

/**
 * One HTTP request. Never throws, ends within the timeout, and tells nobody but its caller how it went. A status
 * in `expected` is an answer, any other is a failure.
 */
export async function exchange(call: Call, expected: readonly number[]): Promise<Exchange> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), REQUEST_TIMEOUT_MILLIS);
  try {
    const response = await fetch(`/api/v1/kv/carts/${encodeURIComponent(call.cartId)}`, {
      method: call.method,
      headers: headersOf(call),
      body: call.body ?? null,
      cache: 'no-store',
      credentials: 'same-origin',
      redirect: 'error',
      signal: abort.signal,
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (!expected.includes(response.status) || bytes.length > ANSWER_BYTES_MAX) {
      return { kind: 'failed', failure: failureOfAnswer(response, bytes, call.requestId) };
    }
    const context = response.headers.get('X-Dynamo-Context');
    return { kind: 'answered', answer: { status: response.status, context, bytes } };
  } catch {
    const kind = abort.signal.aborted ? 'timeout' : 'unreachable';
    return { kind: 'failed', failure: failureWithoutAnswer(kind, call.requestId) };
  } finally {
    clearTimeout(timer);
  }
}

function headersOf(call: Call): Record<string, string> {
  const headers: Record<string, string> = {
    Accept: 'application/json, application/problem+json',
    'X-Request-Id': call.requestId,
  };
  if (call.body !== undefined) headers['Content-Type'] = 'application/json';
  if (call.context !== undefined && call.context !== null) headers['X-Dynamo-Context'] = call.context;
  return headers;
}
