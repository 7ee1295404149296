import { parse, VIEW_MAX } from '../cluster';
import type { ViewOutcome } from './port';

/** How long one question may take, its answer's body included. A balancer gives up before. */
export const VIEW_TIMEOUT_MILLIS = 2_000;

/** `GET /api/v1/cluster` of whichever node the balancer chooses. Never throws, and ends within the timeout. */
export async function readCluster(): Promise<ViewOutcome> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), VIEW_TIMEOUT_MILLIS);
  try {
    const response = await fetch('/api/v1/cluster', {
      headers: { Accept: 'application/json, application/problem+json' },
      cache: 'no-store',
      credentials: 'same-origin',
      redirect: 'error',
      signal: abort.signal,
    });
    const bytes = await response.arrayBuffer();
    if (response.status !== 200) return failed(`the store answered ${response.status}`);
    if (bytes.byteLength > VIEW_MAX.chars) return failed('the answer is too long');
    const parsed = parse(new TextDecoder().decode(bytes));
    return parsed.ok
      ? { kind: 'answered', view: parsed.view }
      : failed(`the answer makes no sense: ${parsed.reason}`);
  } catch {
    return failed(abort.signal.aborted ? 'no answer came in time' : 'it cannot be reached');
  } finally {
    clearTimeout(timer);
  }
}

function failed(why: string): ViewOutcome {
  return { kind: 'failed', why };
}
