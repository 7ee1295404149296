import { spawnSync } from 'node:child_process';
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { FrontEnd, nginxVersion, until } from './front-end.mjs';
import { FakeNode } from './nodes.mjs';

const version = nginxVersion();
if (version === null && process.env['DYNAMOKV_REQUIRE_NGINX'] === '1') {
  throw new Error('DYNAMOKV_REQUIRE_NGINX is 1 and there is no nginx');
}
console.log(version === null ? 'No nginx on this machine: the front end is not tested.' : `With ${version}`);

const SCRIPT = '/assets/app-4f2a.js';
const KEY = '/api/v1/kv/carts/mine';
const PAGES = {
  'index.html': '<!doctype html><title>Cart</title>',
  'status.html': '<!doctype html><title>Status</title>',
  'assets/app-4f2a.js': `console.log(${JSON.stringify('cart '.repeat(500))});\n`,
};

describe('the front end', { skip: version === null ? 'no nginx on this machine' : false }, () => {
  /** @type {FrontEnd} */
  let front;
  /** @type {number} */
  let nodesPort;
  /** @type {FakeNode[]} */
  let nodes = [];

  before(async () => {
    nodesPort = await freePort();
    // As a container that is started again: an nginx that has ended left its number, and the nodes are followed all the same.
    const earlierPid = spawnSync('true').pid;
    front = new FrontEnd({ port: await freePort(), nodesPort, pages: PAGES, earlierPid, lateSeconds: 0.5 });
    front.resolveTo(['127.0.1.1']);
    await front.start();
  });
  after(() => front.stop());

  // Each test has nodes of its own, so no failure of the last one is remembered: the reload forgets them.
  let next = 1;
  beforeEach(async () => {
    nodes = [];
    for (let i = 0; i < 3; i++) {
      const node = new FakeNode(`127.0.1.${++next}`, nodesPort);
      await node.start();
      nodes.push(node);
    }
    await front.follow(nodes.map((node) => node.address));
  });
  afterEach(async () => {
    await Promise.all(nodes.filter((node) => node.isListening).map((node) => node.kill()));
  });

  const seen = () => nodes.flatMap((node) => node.seen);
  /** @param {(seen: import('./nodes.mjs').Seen, earlier: number) => import('./nodes.mjs').Reply} reply how many came before, at any node */
  const replyWith = (reply) => {
    let earlier = 0;
    for (const node of nodes) node.reply = (each) => reply(each, earlier++);
  };

  describe('pages', () => {
    it('come with headers that allow what the cart needs and nothing else', async () => {
      const page = await front.ask('GET', '/');
      assert.equal(page.status, 200);
      assert.match(page.body, /Cart/);
      assert.equal(page.headers['content-type'], 'text/html; charset=utf-8');
      assert.equal(page.headers['cache-control'], 'no-cache');
      assert.match(
        page.headers['content-security-policy']?.toString() ?? '',
        /^default-src 'self'; style-src 'self';/,
      );
      assert.doesNotMatch(page.headers['content-security-policy']?.toString() ?? '', /unsafe|data:/);
      assert.equal(page.headers['x-content-type-options'], 'nosniff');
      assert.equal(page.headers['x-frame-options'], 'DENY');
      assert.equal(page.headers['referrer-policy'], 'no-referrer');
      assert.equal(page.headers['strict-transport-security'], undefined);
      assert.equal(page.headers['server'], 'nginx');
    });

    it('are kept by browsers for long only where the name changes with the content', async () => {
      const script = await front.ask('GET', SCRIPT, { headers: { 'Accept-Encoding': 'gzip' } });
      assert.equal(script.headers['cache-control'], 'public, max-age=31536000, immutable');
      assert.equal(script.headers['content-encoding'], 'gzip');
      const missing = await front.ask('GET', '/assets/old-0000.js');
      assert.equal(missing.status, 404);
      assert.equal(missing.headers['cache-control'], 'no-store');
    });

    it('ask a browser that came by TLS to stay with it', async () => {
      const page = await front.ask('GET', '/', { headers: { 'X-Forwarded-Proto': 'https' } });
      assert.equal(page.headers['strict-transport-security'], 'max-age=31536000');
    });

    it('are only read', async () => {
      for (const path of ['/', '/status']) {
        const answer = await front.ask('POST', path, { body: 'x' });
        assert.equal(answer.status, 405, path);
        assert.equal(json(answer).type, 'urn:dynamokv:problem:bad-input', path);
      }
    });

    it('tell of the nodes at /status, under the rules of the cart', async () => {
      const [cart, status] = [await front.ask('GET', '/'), await front.ask('GET', '/status')];
      assert.equal(status.status, 200);
      assert.match(status.body, /Status/);
      for (const header of [
        'content-type',
        'cache-control',
        'content-security-policy',
        'x-frame-options',
        'x-content-type-options',
      ]) {
        assert.equal(status.headers[header], cart.headers[header], header);
      }
      for (const path of ['/status/', '/status/x', '/statusx']) {
        assert.ok([400, 404].includes((await front.ask('GET', path)).status), path);
      }
    });
  });

  describe('the way to the nodes', () => {
    it('leads to all of them, over connections that are kept', async () => {
      for (let i = 0; i < 60; i++) assert.equal((await front.ask('GET', KEY)).status, 200);
      for (const node of nodes) {
        assert.ok(node.seen.length >= 10, `${node.address} got ${node.seen.length} of 60`);
        const connections = new Set(node.seen.map((each) => each.port)).size;
        assert.ok(connections <= 4, `${connections} connections for ${node.seen.length} requests`);
      }
    });

    it('passes keys on byte for byte, without /api', async () => {
      await front.ask('GET', '/api/v1/kv/carts/a%2Fb//c%20d?r=2');
      assert.equal(seen()[0]?.path, '/v1/kv/carts/a%2Fb//c%20d?r=2');
    });

    it('leads to what a node says of the cluster, which is only read', async () => {
      replyWith(({ method }) => (method === 'GET' ? { status: 200, body: '{"self":"a"}' } : { status: 405 }));
      const answer = await front.ask('GET', '/api/v1/cluster');
      assert.equal(answer.body, '{"self":"a"}');
      assert.equal(answer.headers['cache-control'], 'no-store');
      for (const method of ['PUT', 'DELETE']) {
        assert.equal((await front.ask(method, '/api/v1/cluster')).status, 405, method);
      }
      assert.deepEqual(new Set(seen().map(({ path }) => path)), new Set(['/v1/cluster']));
    });

    it('shows nothing else of a node', async () => {
      for (const path of [
        '/q/openapi',
        '/q/health',
        '/q/metrics',
        '/admin/v1/status',
        '/v1/kv/carts/mine',
        '/api',
        '/api/',
        '/api/q/openapi',
        '/api/admin/v1/status',
        '/api/v1',
        '/api/v1/../../admin/v1/status',
        '/apix/v1/kv/a/b',
        '//api/v1/kv/a/b',
        '/api/v1/%2e%2e/%2e%2e/q/health',
        '/api/v1/..%2f..%2fadmin/v1/status',
      ]) {
        const answer = await front.ask('GET', path);
        assert.ok([400, 404].includes(answer.status), `${path}: ${answer.status}`);
        assert.equal(answer.headers['content-type'], 'application/problem+json', path);
      }
      assert.equal((await front.ask('PUT', '/admin/v1/map', { body: '{}' })).status, 405);
      assert.deepEqual(seen(), []);
    });

    it('refuses dot segments', async () => {
      for (const path of [
        '/api/v1/kv/../kv/a/b',
        '/api/v1/kv/a/%2E%2e',
        '/api/v1/./kv/a/b',
        '/api/v1/kv/a/..?r=1',
      ]) {
        assert.equal((await front.ask('GET', path)).status, 400, path);
      }
      assert.deepEqual(seen(), []);
      assert.equal((await front.ask('GET', '/api/v1/kv/a/..b')).status, 200);
    });

    it('does not show the nodes what is none of their business', async () => {
      await front.ask('GET', KEY, { headers: { Cookie: 'a=b', Authorization: 'Bearer x' } });
      assert.equal(seen()[0]?.headers.cookie, undefined);
      assert.equal(seen()[0]?.headers.authorization, undefined);
    });

    it('makes a request id where there is none, and keeps the one that is there', async () => {
      const given = await front.ask('GET', KEY, { headers: { 'X-Request-Id': 'r-1' } });
      assert.equal(given.headers['x-request-id'], 'r-1');
      const made = await front.ask('PUT', KEY, { body: '{}' });
      assert.match(made.headers['x-request-id']?.toString() ?? '', /^[0-9a-f]{32}$/);
      assert.deepEqual(
        seen().map((each) => each.requestId),
        ['r-1', made.headers['x-request-id']],
      );
    });

    it('passes on answers as the nodes gave them, and lets no value run as a page', async () => {
      replyWith(() => ({
        status: 200,
        headers: {
          'Content-Type': 'text/html',
          'X-Dynamo-Context': 'c'.repeat(16_000),
          'X-Request-Id': 'other',
        },
        body: '<script>1</script>',
      }));
      const answer = await front.ask('GET', KEY, {
        headers: { 'X-Request-Id': 'mine', 'X-Dynamo-Context': 'd'.repeat(16_000) },
      });
      assert.equal(seen()[0]?.headers['x-dynamo-context'], 'd'.repeat(16_000));
      assert.equal(answer.headers['x-dynamo-context'], 'c'.repeat(16_000));
      assert.equal(answer.headers['x-request-id'], 'mine');
      assert.match(
        answer.headers['content-security-policy']?.toString() ?? '',
        /^default-src 'none'; sandbox/,
      );
      assert.equal(answer.headers['x-content-type-options'], 'nosniff');
      assert.equal(answer.headers['cache-control'], 'no-store');
      replyWith(() => ({ status: 503, headers: { 'Retry-After': '3' }, body: '{"votesNeeded":2}' }));
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const refused = await front.ask(method, KEY);
        assert.equal(refused.status, 503);
        assert.equal(refused.body, '{"votesNeeded":2}');
        assert.equal(refused.headers['retry-after'], '3');
      }
    });

    it("does not hold a node's refusal against the node", async () => {
      replyWith(() => ({ status: 503, body: 'no quorum' }));
      for (let i = 0; i < 12; i++) await front.ask('PUT', KEY);
      assert.equal(seen().length, 12);
      replyWith(() => ({ status: 204 }));
      assert.equal((await front.ask('PUT', KEY)).status, 204);
    });
  });

  describe('limits', () => {
    it('lets a node judge a value that is a little too long, and refuses what is far too long', async () => {
      assert.equal((await front.ask('PUT', KEY, { body: 'x'.repeat(1_100_000) })).status, 200);
      assert.equal(seen()[0]?.body.length, 1_100_000);
      const refused = await front.ask('PUT', KEY, {
        headers: { 'Content-Length': '3000000', 'X-Request-Id': 'big' },
      });
      assert.equal(refused.status, 413);
      assert.deepEqual(
        [json(refused).type, json(refused).limit, json(refused).requestId],
        ['urn:dynamokv:problem:bad-input', '2m', 'big'],
      );
      assert.equal(seen().length, 1);
    });

    it('answers in time when no node does', async () => {
      replyWith(() => 'stall');
      const read = await timed(() => front.ask('GET', KEY));
      assert.equal(read.answer.status, 504);
      assert.equal(json(read.answer).type, 'urn:dynamokv:problem:no-answer');
      assert.ok(read.millis < 3_500, `${read.millis} ms`);
    });

    it('says that nothing was stored when no node can be reached', async () => {
      await Promise.all(nodes.map((node) => node.kill()));
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const answer = await front.ask(method, KEY);
        assert.equal(answer.status, 503, method);
        assert.equal(json(answer).type, 'urn:dynamokv:problem:no-node');
        assert.equal(answer.headers['retry-after'], '1');
      }
      assert.equal((await front.ask('GET', '/')).status, 200, 'the page does not need a node');
    });

    it('makes valid JSON of an id that nobody should choose', async () => {
      await Promise.all(nodes.map((node) => node.kill()));
      const answer = await front.ask('PUT', KEY, { headers: { 'X-Request-Id': 'a"b\\c' } });
      assert.equal(json(answer).requestId, undefined);
      assert.equal(answer.headers['x-request-id'], 'a"b\\c');
    });
  });

  describe('a failed node', () => {
    it('is left out at once, and nobody notices', async () => {
      for (let i = 0; i < 9; i++) await front.ask('GET', KEY);
      await nodes[0]?.kill();
      for (let i = 0; i < 30; i++) {
        const method = i % 3 === 0 ? 'PUT' : i % 3 === 1 ? 'GET' : 'DELETE';
        assert.equal((await front.ask(method, KEY)).status, 200, `${method} ${i}`);
      }
    });

    it('that stops without dying costs one request, not every third', async () => {
      for (let i = 0; i < 9; i++) await front.ask('GET', KEY);
      const stuck = nodes[1];
      assert.ok(stuck);
      stuck.reply = () => 'stall';
      stuck.seen = [];
      const { millis } = await timed(async () => {
        for (let i = 0; i < 30; i++) assert.equal((await front.ask('GET', KEY)).status, 200);
      });
      assert.ok(stuck.seen.length <= 3, `it was asked ${stuck.seen.length} times`);
      assert.ok(millis < 4_000, `${millis} ms`);
    });

    it('gets requests again when it is back', async () => {
      const [dead] = nodes;
      assert.ok(dead);
      await dead.kill();
      for (let i = 0; i < 6; i++) await front.ask('GET', KEY);
      const back = new FakeNode(dead.address, nodesPort);
      await back.start();
      nodes.push(back);
      await until(async () => {
        await front.ask('GET', KEY);
        return back.seen.length > 0;
      });
    });
  });

  describe('a write whose node falls silent', () => {
    it('goes to the next node, under the same id, when it is a PUT', async () => {
      replyWith((_, earlier) =>
        earlier === 0 ? 'hangUp' : { status: 204, headers: { 'X-Dynamo-Context': 'c' } },
      );
      const answer = await front.ask('PUT', KEY, { headers: { 'X-Request-Id': 'w-1' }, body: 'value' });
      assert.equal(answer.status, 204);
      assert.equal(answer.headers['x-dynamo-context'], 'c');
      assert.deepEqual(
        seen().map((each) => [each.requestId, each.body]),
        [
          ['w-1', 'value'],
          ['w-1', 'value'],
        ],
      );
      assert.equal(nodes.filter((node) => node.seen.length === 1).length, 2, 'two nodes, once each');
    });

    it('is repeated under the id that was made for it', async () => {
      replyWith((_, earlier) => (earlier === 0 ? 'hangUp' : { status: 204 }));
      const answer = await front.ask('PUT', KEY, { body: 'value' });
      assert.equal(answer.status, 204);
      assert.deepEqual(
        seen().map((each) => each.requestId),
        Array(2).fill(answer.headers['x-request-id']),
      );
    });

    it('with a large body is repeated whole', async () => {
      replyWith((_, earlier) => (earlier === 0 ? 'stall' : { status: 204 }));
      const body = 'abcdefgh'.repeat(125_000);
      assert.equal((await front.ask('PUT', KEY, { body })).status, 204);
      assert.deepEqual(
        seen().map((each) => each.body === body),
        [true, true],
      );
    });

    it('is never told as refused: the first node may have stored it (W3)', async () => {
      for (const status of [400, 404, 409, 412, 413, 422, 429, 500, 503, 504]) {
        for (const node of nodes) node.seen = [];
        replyWith((_, earlier) => (earlier === 0 ? 'hangUp' : { status, body: 'refused' }));
        const answer = await front.ask('PUT', KEY, {
          headers: { 'X-Request-Id': `w3-${status}` },
          body: 'v',
        });
        assert.equal(seen().length, 2, `${status}: ${JSON.stringify(await front.logOf(`w3-${status}`))}`);
        assert.equal(answer.status, 504, `a second node's ${status}`);
        assert.equal(json(answer).type, 'urn:dynamokv:problem:outcome-unknown');
        assert.equal(json(answer).requestId, `w3-${status}`);
        // The node that hung up is left out for a while; the next round is to find three again.
        await refresh();
      }
    });

    it('is outcome unknown when the second falls silent too, and asks no third', async () => {
      replyWith(() => 'hangUp');
      const answer = await front.ask('PUT', KEY, { body: 'v' });
      assert.equal(answer.status, 504);
      assert.equal(json(answer).type, 'urn:dynamokv:problem:outcome-unknown');
      assert.equal(seen().length, 2);
    });

    it('is repeated when it is a DELETE that says what it has seen', async () => {
      replyWith((_, earlier) => (earlier === 0 ? 'hangUp' : { status: 204 }));
      assert.equal((await front.ask('DELETE', KEY, { headers: { 'X-Dynamo-Context': 'c' } })).status, 204);
      assert.equal(seen().length, 2);
    });

    it('is not repeated when it is a DELETE that does not: it might remove what came since (W4)', async () => {
      for (const silence of /** @type {const} */ (['hangUp', 'stall'])) {
        for (const node of nodes) node.seen = [];
        replyWith((_, earlier) => (earlier === 0 ? silence : { status: 204 }));
        const answer = await front.ask('DELETE', KEY);
        assert.equal(answer.status, 504);
        assert.equal(json(answer).type, 'urn:dynamokv:problem:outcome-unknown');
        assert.equal(seen().length, 1);
        await refresh();
      }
    });

    it('is not repeated when it is a POST, which is no write the nodes know', async () => {
      replyWith((_, earlier) => (earlier === 0 ? 'hangUp' : { status: 204 }));
      assert.equal((await front.ask('POST', KEY, { body: 'v' })).status, 504);
      assert.equal(seen().length, 1);
    });
  });

  describe('nodes that come and go', () => {
    it('are found by DNS while requests go on, and none of them fails', async () => {
      const [first] = nodes;
      assert.ok(first);
      let running = true;
      const load = (async () => {
        let count = 0;
        while (running) {
          assert.equal((await front.ask('PUT', KEY, { body: 'v' })).status, 200);
          count++;
        }
        return count;
      })();
      const added = new FakeNode(`127.0.1.${++next}`, nodesPort);
      await added.start();
      nodes.push(added);
      await front.follow([...nodes.slice(1).map((node) => node.address)]);
      await until(() => added.seen.length > 0);
      first.seen = [];
      const before = added.seen.length;
      await until(() => added.seen.length > before + 5);
      running = false;
      assert.ok((await load) > 10);
      assert.deepEqual(first.seen, [], 'the node that DNS no longer names');
    });

    it('stay as they were while DNS says nothing', async () => {
      front.resolveTo([]);
      const looks = front.accessLog().length;
      await until(async () => {
        await front.ask('GET', KEY);
        return front.accessLog().length > looks + 60;
      });
      assert.equal((await front.ask('GET', KEY)).status, 200);
      assert.equal(
        nodes.every((node) => front.upstream().includes(node.address)),
        true,
      );
    });
  });

  it('logs each request as JSON, with its id, its nodes and its times, and not the probes', async () => {
    replyWith((_, earlier) => (earlier === 0 ? 'hangUp' : { status: 204 }));
    await front.ask('PUT', `${KEY}?w=2`, {
      headers: { 'X-Request-Id': 'log"1', 'User-Agent': 'a "test"' },
      body: 'v',
    });
    const line = await front.logOf('log"1');
    assert.equal(line['method'], 'PUT');
    assert.equal(line['uri'], `${KEY}?w=2`);
    assert.equal(line['status'], 204);
    assert.equal(line['userAgent'], 'a "test"');
    assert.equal(line['upstreamStatus'], '502 : 204');
    assert.match(String(line['upstream']), /^127\.0\.1\.\d+:\d+ : 127\.0\.1\.\d+:\d+$/);
    assert.equal(typeof line['seconds'], 'number');
    assert.equal(
      front.accessLog().some((each) => each['uri'] === '/healthz'),
      false,
    );
  });

  /** The same nodes anew: nginx forgets failures when it reads its configuration again. */
  async function refresh() {
    const spare = new FakeNode(`127.0.1.${++next}`, nodesPort);
    await spare.start();
    const [gone] = nodes.splice(0, 1, spare);
    await front.follow(nodes.map((node) => node.address));
    await gone?.kill();
  }
});

/** @param {{ body: string }} answer @returns {{ type?: string, limit?: string, requestId?: string }} */
function json(answer) {
  return /** @type {{ type?: string, limit?: string, requestId?: string }} */ (JSON.parse(answer.body));
}

/** @template T @param {() => Promise<T>} action @returns {Promise<{ answer: T, millis: number }>} */
async function timed(action) {
  const start = performance.now();
  const answer = await action();
  return { answer, millis: performance.now() - start };
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
