/** The store over HTTP, one file per call. It reports how a call went to its caller and to nobody else. */
import type { CartStore } from '../sync/port';
import { readCart } from './readCart';
import { writeCart } from './writeCart';

export const httpCartStore: CartStore = { read: readCart, write: writeCart };
