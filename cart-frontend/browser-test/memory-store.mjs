/**
 * The store's client API and the page, from memory: for developing the page and for testing it alone. It keeps
 * siblings as the real store does (a write replaces what its context covers and nothing else), and it fails on demand.
 */
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const VALUE_BYTES_MAX = 1_048_576;
const SIBLINGS_MAX = 64;
const REMEMBERED_WRITES_MAX = 10_000;

export const CONTENT_SECURITY_POLICY =
  "default-src 'self'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'";

const TYPES = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
]);

const PAGES = new Map([
  ['/', '/index.html'],
  ['/status', '/status.html'],
]);

/**
 * @typedef {{ dot: number, bytes: Buffer, contentType: string }} Version
 * @typedef {{ versions: Version[], lastDot: number }} Record_ one counter serves as vector: there is one node
 * @typedef {{ status: number, headers?: Record<string, string>, body?: string | Buffer }} Answer
 * @typedef {'refuse' | 'loseAnswer' | 'hangUp' | 'expire' | 'tooLarge' | 'stall'} Failure
 */

export class MemoryStore {
  /** @type {Map<string, Record_>} */
  #records = new Map();
  /** @type {Map<string, Answer>} the answers to writes, by request id */
  #written = new Map();
  /** @type {{ method: string, failure: Failure }[]} */
  #failures = [];
  #secret = randomBytes(32);
  /** @type {{ method: string, requestId: string | null, context: string | null, status: number }[]} */
  log = [];

  /** The next requests of this method fail in this way, one each. @param {string} method @param {Failure[]} failures */
  fail(method, ...failures) {
    for (const failure of failures) this.#failures.push({ method, failure });
  }

  get failuresLeft() {
    return this.#failures.length;
  }

  /** What someone else might have written: a version beside the others. @param {string} key @param {string} text */
  plant(key, text) {
    this.#write(key, Buffer.from(text), 'application/json', 0);
  }

  /** @param {string} key @returns {number} */
  siblingsOf(key) {
    return this.#records.get(key)?.versions.length ?? 0;
  }

  /**
   * @param {{ method: string, key: string, context: string | null, requestId: string | null, contentType: string, body: Buffer }} request
   * @returns {Answer | 'hangUp' | 'stall'}
   */
  handle(request) {
    const requestId = request.requestId ?? randomUUID();
    const index = this.#failures.findIndex(({ method }) => method === request.method);
    const failure = index < 0 ? undefined : this.#failures.splice(index, 1)[0]?.failure;
    const answer =
      failure === undefined ? this.#answer(request, requestId) : this.#failing(failure, request, requestId);
    const status = typeof answer === 'string' ? 0 : answer.status;
    this.log.push({ method: request.method, requestId: request.requestId, context: request.context, status });
    return answer;
  }

  /** @param {Failure} failure @param {Parameters<MemoryStore['handle']>[0]} request @param {string} requestId */
  #failing(failure, request, requestId) {
    switch (failure) {
      case 'refuse':
        return problem(503, 'Too few replicas', 'Only one of two replicas can be reached', requestId, {
          votesNeeded: 2,
          votesReceived: 1,
        });
      case 'loseAnswer':
        this.#answer(request, requestId);
        return problem(504, 'Outcome unknown', 'A replica may have stored the value', requestId, {
          votesNeeded: 2,
          votesReceived: 1,
        });
      case 'expire':
        return problem(412, 'Context no longer known', 'Read the key again', requestId);
      case 'tooLarge':
        return problem(413, 'Value too large', `A value has at most ${VALUE_BYTES_MAX} bytes`, requestId);
      case 'hangUp':
        this.#answer(request, requestId);
        return 'hangUp';
      case 'stall':
        return 'stall';
    }
  }

  /** @param {Parameters<MemoryStore['handle']>[0]} request @param {string} requestId @returns {Answer} */
  #answer(request, requestId) {
    const dot = request.context === null ? 0 : this.#open(request.key, request.context);
    if (dot === null)
      return problem(400, 'Bad context', 'X-Dynamo-Context is not one of this key', requestId);
    switch (request.method) {
      case 'GET':
        return this.#read(request.key, requestId);
      case 'PUT':
      case 'DELETE':
        return this.#writeOnce(request, dot, requestId);
      default:
        return problem(405, 'Method not allowed', request.method, requestId);
    }
  }

  /** @param {string} key @param {string} requestId @returns {Answer} */
  #read(key, requestId) {
    const record = this.#records.get(key);
    if (record === undefined) return problem(404, 'Not found', 'No value under this key', requestId);
    const headers = { 'X-Dynamo-Context': this.#seal(key, record.lastDot) };
    const [first] = record.versions;
    if (first === undefined) {
      const answer = problem(404, 'Not found', 'The value was deleted', requestId);
      return { ...answer, headers: { ...answer.headers, ...headers } };
    }
    if (record.versions.length === 1) {
      return { status: 200, headers: { ...headers, 'Content-Type': first.contentType }, body: first.bytes };
    }
    const versions = record.versions.map(({ bytes, contentType }) => ({
      value: bytes.toString('base64'),
      contentType,
    }));
    return {
      status: 300,
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: JSON.stringify({ versions }),
    };
  }

  /** @param {Parameters<MemoryStore['handle']>[0]} request @param {number} dot @param {string} requestId @returns {Answer} */
  #writeOnce(request, dot, requestId) {
    const before = this.#written.get(requestId);
    if (before !== undefined) return before;
    if (request.body.length > VALUE_BYTES_MAX) {
      return problem(413, 'Value too large', `A value has at most ${VALUE_BYTES_MAX} bytes`, requestId);
    }
    if (this.#uncovered(request.key, dot).length >= SIBLINGS_MAX) {
      return problem(409, 'Too many siblings', 'Read the key and write with its context', requestId);
    }
    if (request.method === 'DELETE') this.#delete(request.key, request.context === null ? null : dot);
    else this.#write(request.key, request.body, request.contentType, dot);
    const record = this.#records.get(request.key);
    const alone = record !== undefined && record.versions.length === 1;
    /** @type {Answer} */
    const answer = {
      status: 204,
      headers: alone ? { 'X-Dynamo-Context': this.#seal(request.key, record.lastDot) } : {},
    };
    this.#written.set(requestId, answer);
    if (this.#written.size > REMEMBERED_WRITES_MAX) {
      for (const oldest of this.#written.keys()) {
        this.#written.delete(oldest);
        break;
      }
    }
    return answer;
  }

  /** @param {string} key @param {Buffer} bytes @param {string} contentType @param {number} coveredDot */
  #write(key, bytes, contentType, coveredDot) {
    const dot = (this.#records.get(key)?.lastDot ?? 0) + 1;
    const versions = [...this.#uncovered(key, coveredDot), { dot, bytes, contentType }];
    this.#records.set(key, { versions, lastDot: dot });
  }

  /** @param {string} key @param {number | null} coveredDot */
  #delete(key, coveredDot) {
    const lastDot = this.#records.get(key)?.lastDot ?? 0;
    this.#records.set(key, { versions: this.#uncovered(key, coveredDot ?? lastDot), lastDot });
  }

  /** @param {string} key @param {number} coveredDot @returns {Version[]} */
  #uncovered(key, coveredDot) {
    return (this.#records.get(key)?.versions ?? []).filter(({ dot }) => dot > coveredDot);
  }

  /** @param {string} key @param {number} dot */
  #seal(key, dot) {
    return Buffer.from(`${dot}.${this.#signature(key, dot)}`).toString('base64url');
  }

  /** @param {string} key @param {string} context @returns {number | null} */
  #open(key, context) {
    const [dot, signature] = Buffer.from(context, 'base64url').toString().split('.');
    return signature === this.#signature(key, Number(dot)) ? Number(dot) : null;
  }

  /** @param {string} key @param {number} dot */
  #signature(key, dot) {
    return createHmac('sha256', this.#secret).update(`${key}\n${dot}`).digest('hex').slice(0, 24);
  }
}

/**
 * @param {number} status @param {string} title @param {string} detail @param {string} requestId
 * @param {Record<string, unknown>} [more]
 * @returns {Answer}
 */
function problem(status, title, detail, requestId, more = {}) {
  return {
    status,
    headers: { 'Content-Type': 'application/problem+json' },
    body: JSON.stringify({ type: 'about:blank', title, status, detail, requestId, ...more }),
  };
}

/**
 * Serves the store under `/api/v1/kv/carts/`, the cluster at `/api/v1/cluster` and the built pages elsewhere.
 * @param {{ store: MemoryStore, cluster: import('./memory-cluster.mjs').MemoryCluster, pages: string, port: number }} options
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export function serve({ store, cluster, pages, port }) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    const key = /^\/api\/v1\/kv\/carts\/([^/]+)$/.exec(path)?.[1];
    if (path === '/api/v1/cluster') serveCluster(cluster, response);
    else if (key === undefined) servePage(path, pages, response);
    else void serveKey(store, key, request, response);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      resolve({ url: `http://localhost:${bound}`, close: () => close(server) });
    });
  });
}

/** @param {import('node:http').Server} server @returns {Promise<void>} */
function close(server) {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/**
 * @param {MemoryStore} store @param {string} key
 * @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response
 */
async function serveKey(store, key, request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const answer = store.handle({
    method: request.method ?? 'GET',
    key,
    context: headerOf(request, 'x-dynamo-context'),
    requestId: headerOf(request, 'x-request-id'),
    contentType: headerOf(request, 'content-type') ?? 'application/octet-stream',
    body: Buffer.concat(chunks),
  });
  if (answer === 'stall') return;
  if (answer === 'hangUp') {
    request.socket.destroy();
    return;
  }
  response.writeHead(answer.status, answer.headers);
  response.end(answer.body);
}

/** @param {import('./memory-cluster.mjs').MemoryCluster} cluster @param {import('node:http').ServerResponse} response */
function serveCluster(cluster, response) {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(cluster.answer());
}

/** @param {import('node:http').IncomingMessage} request @param {string} name @returns {string | null} */
function headerOf(request, name) {
  const value = request.headers[name];
  return typeof value === 'string' ? value : null;
}

/** @param {string} path @param {string} pages @param {import('node:http').ServerResponse} response */
function servePage(path, pages, response) {
  const file = join(pages, normalize(PAGES.get(path) ?? path));
  if (!file.startsWith(pages) || !existsSync(file) || !statSync(file).isFile()) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, {
    'Content-Type': TYPES.get(extname(file)) ?? 'application/octet-stream',
    'Content-Security-Policy': CONTENT_SECURITY_POLICY,
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  });
  createReadStream(file).pipe(response);
}
