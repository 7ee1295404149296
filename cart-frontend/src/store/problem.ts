import type { Failure, FailureKind } from '../sync/port';

const TEXT_MAX = 300;

/** An RFC 9457 problem, or whatever a balancer sends in its place, as a failure. Its text is shown, never trusted. */
export function failureOfAnswer(
  response: { readonly status: number; readonly headers: Headers },
  bytes: Uint8Array,
  requestId: string,
): Failure {
  const problem = readProblem(response.headers.get('Content-Type'), bytes);
  return {
    kind: kindOf(response.status),
    title: textOf(problem['title']) ?? `The store answered ${response.status}`,
    detail: textOf(problem['detail']),
    status: response.status,
    requestId: textOf(problem['requestId']) ?? requestId,
    votesNeeded: countOf(problem['votesNeeded']),
    votesReceived: countOf(problem['votesReceived']),
    retryAfterMillis: retryAfterMillis(response.headers.get('Retry-After')),
  };
}

export function failureWithoutAnswer(
  kind: 'timeout' | 'unreachable' | 'garbled',
  requestId: string,
): Failure {
  const titles = {
    timeout: 'The store did not answer in time',
    unreachable: 'The store cannot be reached',
    garbled: 'The store’s answer makes no sense',
  };
  return {
    kind,
    title: titles[kind],
    detail: null,
    status: null,
    requestId,
    votesNeeded: null,
    votesReceived: null,
    retryAfterMillis: null,
  };
}

function kindOf(status: number): FailureKind {
  switch (status) {
    case 409:
      return 'crowded';
    case 412:
      return 'expired';
    case 429:
    case 503:
      return 'refused';
    default:
      if (status >= 500) return 'unknown';
      return status >= 400 ? 'rejected' : 'garbled';
  }
}

function readProblem(contentType: string | null, bytes: Uint8Array): Record<string, unknown> {
  if (contentType?.includes('json') !== true || bytes.length > 65_536) return {};
  try {
    const document: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isRecord(document) ? document : {};
  } catch {
    return {};
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, TEXT_MAX) : null;
}

function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** Seconds only: the store does not send dates. */
function retryAfterMillis(header: string | null): number | null {
  return header !== null && /^[0-9]{1,6}$/.test(header) ? Number(header) * 1000 : null;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
