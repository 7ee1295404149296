/** `npm run serve`: the built page on the in-memory store, to look at it without a cluster. */
import { fileURLToPath } from 'node:url';
import { MemoryStore, serve } from './memory-store.mjs';

const pages = fileURLToPath(new URL('../dist', import.meta.url));
const { url } = await serve({ store: new MemoryStore(), pages, port: Number(process.env['PORT'] ?? 4180) });
console.log(`The cart is at ${url} (in memory: it is gone when this ends)`);
