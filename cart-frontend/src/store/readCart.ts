import type { ReadOutcome } from '../sync/port';
import { failureWithoutAnswer } from './problem';
import { requestId } from './requestId';
import { exchange } from './transport';
import { readVersion, readVersions } from './versions';

/** `GET /api/v1/kv/carts/{cartId}`: 200 is one version, 300 several, 404 none (perhaps with a tombstone's context). */
export async function readCart(cartId: string): Promise<ReadOutcome> {
  const id = requestId();
  const exchanged = await exchange({ method: 'GET', cartId, requestId: id }, [200, 300, 404]);
  if (exchanged.kind === 'failed') return exchanged;

  const { status, context, bytes } = exchanged.answer;
  if (status === 404) return { kind: 'absent', context };
  const versions = status === 200 ? [readVersion(bytes)] : readVersions(bytes);
  if (versions === null) return { kind: 'failed', failure: failureWithoutAnswer('garbled', id) };
  return { kind: 'found', versions, context };
}
