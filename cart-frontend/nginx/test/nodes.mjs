import { createServer } from 'node:http';

/**
 * @typedef {{ method: string, path: string, requestId: string | undefined, headers: import('node:http').IncomingHttpHeaders, body: string, port: number }} Seen
 * @typedef {{ status: number, headers?: Record<string, string>, body?: string } | 'stall' | 'hangUp'} Reply
 */

/** A node that records what it gets and answers as it is told. It listens on a loopback address of its own, as pods do. */
export class FakeNode {
  /** @type {Seen[]} */
  seen = [];
  /** @type {(seen: Seen) => Reply} */
  reply = () => ({ status: 200, body: this.address });
  #server = createServer({ maxHeaderSize: 65_536 }, (request, response) => {
    void this.#handle(request, response);
  });

  /** @param {string} address @param {number} port */
  constructor(address, port) {
    this.address = address;
    this.port = port;
    this.#server.keepAliveTimeout = 60_000;
  }

  /** @returns {Promise<void>} */
  start() {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.port, this.address, () => resolve());
    });
  }

  /** Its connections break at once, as those of a process that is killed. @returns {Promise<void>} */
  kill() {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  get isListening() {
    return this.#server.listening;
  }

  /** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
  async #handle(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(/** @type {Buffer} */ (chunk));
    const id = request.headers['x-request-id'];
    const seen = {
      method: request.method ?? '',
      path: request.url ?? '',
      requestId: typeof id === 'string' ? id : undefined,
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
      port: request.socket.remotePort ?? 0,
    };
    this.seen.push(seen);
    const reply = this.reply(seen);
    if (reply === 'stall') return;
    if (reply === 'hangUp') {
      request.socket.destroy();
      return;
    }
    response.writeHead(reply.status, reply.headers).end(reply.body);
  }
}
