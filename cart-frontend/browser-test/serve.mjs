/** `npm run serve`: the built pages on the in-memory store, to look at them without a cluster. */
import { fileURLToPath } from 'node:url';
import { MemoryCluster } from './memory-cluster.mjs';
import { MemoryStore, serve } from './memory-store.mjs';

const pages = fileURLToPath(new URL('../dist', import.meta.url));
const port = Number(process.env['PORT'] ?? 4180);
const { url } = await serve({ store: new MemoryStore(), cluster: new MemoryCluster(), pages, port });
console.log(`The cart is at ${url} (in memory: it is gone when this ends)`);
