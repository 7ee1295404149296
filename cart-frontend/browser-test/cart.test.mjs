/**
 * The cart in a real browser, against a running demo (DYNAMOKV_DEMO_JSON), a page that is served somewhere (DYNAMOKV_CART_URL, its name
 * leading to DYNAMOKV_CART_ADDRESS, and DYNAMOKV_LOSE_NODE the command that takes a node away), or else a store in memory.
 * Environment: DYNAMOKV_DEMO_JSON, DYNAMOKV_CART_URL, DYNAMOKV_CART_ADDRESS, DYNAMOKV_LOSE_NODE, CHROME_PATH, DYNAMOKV_REQUIRE_BROWSER=1, DYNAMOKV_SCREENSHOT.
 */
import assert from 'node:assert/strict';
import { execSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { CartPage } from './cart-page.mjs';
import { CHROMIUM_ARGS, findChromium } from './chromium.mjs';
import { MemoryStore, serve } from './memory-store.mjs';

const pages = fileURLToPath(new URL('../dist', import.meta.url));
const demoFile = process.env['DYNAMOKV_DEMO_JSON'];
const servedUrl = process.env['DYNAMOKV_CART_URL'];
const servedAddress = process.env['DYNAMOKV_CART_ADDRESS'];
const screenshot =
  process.env['DYNAMOKV_SCREENSHOT'] ?? fileURLToPath(new URL('../target/cart.png', import.meta.url));
const executablePath = findChromium();
const isRequired = process.env['DYNAMOKV_REQUIRE_BROWSER'] === '1';
const skip =
  executablePath === null && !isRequired ? 'no Chromium here: install one or name it in CHROME_PATH' : false;

/** What a browser says by itself when a request fails or is answered with an error status. */
const FAILED_REQUEST = /^console: Failed to load resource/;

/** @type {import('playwright-core').Browser} */
let browser;
/** @type {{ url: string, loseNode: () => void, isPlayed: boolean, close: () => Promise<void> }} */
let system;

before(async () => {
  if (skip !== false) return;
  assert.ok(
    executablePath,
    'DYNAMOKV_REQUIRE_BROWSER is set and there is no Chromium; name one in CHROME_PATH',
  );
  system = servedUrl ? served(servedUrl) : demoFile ? ofDemo(demoFile) : await inMemory();
  browser = await chromium.launch({
    executablePath,
    headless: true,
    args: [...CHROMIUM_ARGS, ...nameRules()],
  });
});

after(async () => {
  await browser?.close();
  await system?.close();
});

/** One node's death, played: refusals, a lost answer, a broken connection. */
async function inMemory() {
  assert.ok(existsSync(pages), 'there is no dist/: run `npm run build` first');
  const store = new MemoryStore();
  const server = await serve({ store, pages, port: 0 });
  const loseNode = () => {
    store.fail('PUT', 'refuse', 'loseAnswer', 'hangUp');
    store.fail('GET', 'refuse');
  };
  return { ...server, loseNode, isPlayed: true };
}

/** @param {string} file */
function ofDemo(file) {
  /** @type {{ url: string, nodes: { name: string, pid: number }[] }} */
  const demo = JSON.parse(readFileSync(file, 'utf8'));
  const loseNode = () => {
    const node = demo.nodes.at(-1);
    assert.ok(node, 'the demo has no nodes');
    process.kill(node.pid, 'SIGKILL');
  };
  return { url: demo.url, loseNode, isPlayed: false, close: async () => {} };
}

/** @param {string} url */
function served(url) {
  const command = process.env['DYNAMOKV_LOSE_NODE'];
  assert.ok(command, 'DYNAMOKV_LOSE_NODE must say how a node is taken away');
  const loseNode = () => {
    execSync(command, { stdio: 'inherit' });
  };
  return { url, loseNode, isPlayed: false, close: async () => {} };
}

/** The page's name leads to the address that was given, as a name server would have it. */
function nameRules() {
  return servedUrl && servedAddress
    ? [`--host-resolver-rules=MAP ${new URL(servedUrl).hostname} ${servedAddress}`]
    : [];
}

/** A browser of its own: nothing is shared with the others but the store. @param {string} name */
async function person(name) {
  const context = await browser.newContext({
    viewport: { width: 1360, height: 900 },
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(30_000);
  const page = new CartPage(await context.newPage(), name);
  await page.watchPolicy();
  return page;
}

function freshCart() {
  return `${system.url}/?cart=test-${randomUUID()}`;
}

test('a person fills a cart, changes it and finds it again', { skip }, async () => {
  const ada = await person('Ada');
  const url = freshCart();
  const response = await ada.open(url);
  assert.match(response?.headers()['content-security-policy'] ?? '', /default-src 'self'/);
  await ada.seesToast('Cart loaded', { tone: 'good' });

  await ada.adds('Stoneware mug');
  await ada.seesToast('Saved: Stoneware mug added', { tone: 'good' });
  await ada.addsOneMoreOf('Stoneware mug');
  await ada.sees('Stoneware mug', 2);
  await ada.adds('Walnut tray');
  await ada.seesTotal('€106.00');
  await ada.seesStatus('saved'); // or one message may tell of several changes
  await ada.types('Stoneware mug', 7);
  await ada.seesToast('Saved: Stoneware mug, quantity 7', { tone: 'good' });
  await ada.takesOneOf('Stoneware mug');
  await ada.seesTotal('€202.00');
  await ada.seesStatus('saved');
  await ada.removes('Walnut tray');
  await ada.seesToast('Saved: Walnut tray removed', { tone: 'good' });
  await ada.seesTotal('€144.00');
  await ada.seesStatus('saved');

  await ada.open(url);
  await ada.sees('Stoneware mug', 6);
  await ada.sees('Walnut tray', 0);
  ada.assertNoComplaintsBut(/^console: Failed to load resource: .* 404 /);
  await ada.page.context().close();
});

test('without a name in the address the cart gets one, and this browser keeps it', { skip }, async () => {
  const ada = await person('Ada');
  await ada.open(system.url);
  const first = new URL(ada.page.url()).searchParams.get('cart');
  assert.match(first ?? '', /^[a-z0-9-]{1,64}$/);
  await ada.open(system.url);
  assert.equal(new URL(ada.page.url()).searchParams.get('cart'), first);
  await ada.page.context().close();
});

test(
  'two people change one cart at once: both adds survive, and both can see that versions were merged',
  { skip },
  async () => {
    const url = freshCart();
    const ada = await person('Ada');
    await ada.open(url);
    await ada.adds('Glass carafe');
    await ada.seesToast('Saved: Glass carafe added');
    const bob = await person('Bob');
    await bob.open(url);
    await bob.sees('Glass carafe', 1);

    // Bob's write leaves his page and is held up until Ada's is stored, so it carries a context that is behind.
    const held = await holdWrite(bob);
    await bob.adds('Field notebook');
    await held.isHeld;
    await ada.adds('Glass carafe');
    await ada.seesToast('Saved: Glass carafe added');
    await ada.seesStatus('saved');
    held.letGo();

    await bob.seesToast('2 versions merged', { tone: 'merge' });
    await bob.seesMergeNote(2);
    for (const each of [ada, bob]) {
      await each.sees('Glass carafe', 2);
      await each.sees('Field notebook', 1);
      await each.seesTotal('€86.95');
      await each.seesStatus('saved');
    }
    await ada.seesToast(/Changes from elsewhere|versions merged/);
    for (const each of [ada, bob])
      each.assertNoComplaintsBut(/^console: Failed to load resource: .* (404|300) /);
    await ada.page.context().close();
    await bob.page.context().close();
  },
);

test('someone who was offline adds, and a product removed meanwhile stays removed', { skip }, async () => {
  const url = freshCart();
  const ada = await person('Ada');
  await ada.open(url);
  await ada.adds('Linen tote');
  await ada.adds('Reading lamp');
  await ada.seesStatus('saved');
  const bob = await person('Bob');
  await bob.open(url);
  await bob.sees('Reading lamp', 1);

  await bob.page.context().setOffline(true);
  await bob.adds('Potted fern');
  await bob.seesToast('Not saved yet', { tone: 'bad' });
  await bob.seesStatus('offline');
  await ada.removes('Reading lamp');
  await ada.adds('Linen tote');
  await ada.seesStatus('saved');
  await bob.page.context().setOffline(false);

  for (const each of [ada, bob]) {
    await each.sees('Linen tote', 2);
    await each.sees('Potted fern', 1);
    await each.sees('Reading lamp', 0);
    await each.seesStatus('saved');
  }
  bob.assertNoComplaintsBut(FAILED_REQUEST);
  await ada.page.context().close();
  await bob.page.context().close();
});

test('a stored cart that makes no sense is neither run nor overwritten', { skip }, async () => {
  const url = freshCart();
  const name = new URL(url).searchParams.get('cart');
  const hostile = '{"format":1,"items":{"<img src=x onerror=alert(1)>":{"a:1":1}},"seen":{"a":1}}';
  const ada = await person('Ada');
  // By the browser, which knows where the name leads.
  await ada.page.goto(freshCart());
  const path = `/api/v1/kv/carts/${name}`;
  const status = await ada.page.evaluate(
    async ({ to, body }) =>
      (await fetch(to, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body })).status,
    { to: path, body: hostile },
  );
  assert.equal(status, 204);

  await ada.page.goto(url);
  await ada.seesStatus('unreadable');
  await ada.seesToast('This cart cannot be understood', { tone: 'bad' });
  assert.ok(await ada.page.getByRole('button', { name: 'Add Walnut tray to the cart' }).isDisabled());
  assert.equal(await ada.page.evaluate(async (from) => (await fetch(from)).text(), path), hostile);

  await ada.page.getByRole('button', { name: 'Start a new cart' }).click();
  await ada.seesStatus('saved');
  assert.notEqual(new URL(ada.page.url()).searchParams.get('cart'), name);
  ada.assertNoComplaintsBut(FAILED_REQUEST);
  await ada.page.context().close();
});

/* Last, because a demo has one node less from here on. */
test('a node dies, and the cart goes on', { skip }, async () => {
  const url = freshCart();
  const ada = await person('Ada');
  await ada.open(url);
  await ada.adds('Stoneware mug');
  await ada.adds('Beeswax candle');
  await ada.seesStatus('saved');

  system.loseNode();

  await ada.adds('Stoneware mug');
  // A real death may pass unnoticed, that is the point of the store; the played one never does.
  if (system.isPlayed) {
    await ada.seesToast('Not saved yet', { tone: 'bad' });
    await ada.seesToast('Perhaps saved, perhaps not', { tone: 'bad' });
  }
  await ada.adds('Potted fern');
  await ada.removes('Beeswax candle');
  await ada.sees('Stoneware mug', 2);
  await ada.seesStatus('saved');
  await ada.adds('Walnut tray');
  await ada.seesToast('Saved: Walnut tray added');
  await ada.seesStatus('saved');
  mkdirSync(dirname(screenshot), { recursive: true });
  await ada.page.evaluate(() => window.scrollTo(0, 0));
  await ada.page.screenshot({ path: screenshot });

  await ada.open(url);
  const bob = await person('Bob');
  await bob.open(url);
  for (const each of [ada, bob]) {
    await each.sees('Stoneware mug', 2);
    await each.sees('Potted fern', 1);
    await each.sees('Walnut tray', 1);
    await each.sees('Beeswax candle', 0);
    await each.seesTotal('€133.50');
    each.assertNoComplaintsBut(FAILED_REQUEST);
  }
  await ada.page.context().close();
  await bob.page.context().close();
});

/**
 * Holds up the next write of a page.
 * @param {CartPage} person
 * @returns {Promise<{ isHeld: Promise<void>, letGo: () => void }>}
 */
async function holdWrite(person) {
  /** @type {() => void} */
  let letGo = () => {};
  const released = new Promise((resolve) => (letGo = () => resolve(undefined)));
  /** @type {() => void} */
  let held = () => {};
  const isHeld = new Promise((resolve) => (held = () => resolve(undefined))).then(() => {});
  const path = '**/api/v1/kv/carts/*';
  await person.page.route(path, async (route) => {
    if (route.request().method() !== 'PUT') return route.fallback();
    held();
    await released;
    await route.continue();
    await person.page.unroute(path);
  });
  return { isHeld, letGo };
}
