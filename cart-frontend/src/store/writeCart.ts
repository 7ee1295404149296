import type { WriteOutcome } from '../sync/port';
import { requestId } from './requestId';
import { exchange } from './transport';

/**
 * `PUT /api/v1/kv/carts/{cartId}`. Every call is a new logical write with its own request id: before the page
 * tries again it has looked at what there is to write anew, so no two calls mean the same write.
 */
export async function writeCart(cartId: string, text: string, context: string | null): Promise<WriteOutcome> {
  const call = { method: 'PUT', cartId, requestId: requestId(), context, body: text } as const;
  const exchanged = await exchange(call, [204]);
  if (exchanged.kind === 'failed') return exchanged;
  return { kind: 'written', context: exchanged.answer.context };
}
