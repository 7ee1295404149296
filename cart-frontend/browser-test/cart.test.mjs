/** The cart in a real browser; system.mjs says against which store, and by which environment. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CartPage } from './cart-page.mjs';
import { FAILED_REQUEST, openSystem, skip } from './system.mjs';

const screenshot =
  process.env['DYNAMOKV_SCREENSHOT'] ?? fileURLToPath(new URL('../target/cart.png', import.meta.url));

/** @type {import('./system.mjs').System} */
let system;

before(async () => {
  if (skip === false) system = await openSystem();
});

after(() => system?.close());

/** A browser of its own: nothing is shared with the others but the store. @param {string} name */
async function person(name) {
  const page = new CartPage(await system.newPage({ width: 1360, height: 900 }), name);
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

test('whatever the width, no button sticks out of its product', { skip }, async () => {
  const ada = await person('Ada');
  await ada.open(freshCart());
  await ada.seesToast('Cart loaded', { tone: 'good' });
  for (const width of [340, 768, 1200, 1360]) {
    await ada.page.setViewportSize({ width, height: 900 });
    const outside = await ada.page.evaluate(() =>
      [...document.querySelectorAll('.product')].flatMap((product) => {
        const right = product.getBoundingClientRect().right;
        return [...product.querySelectorAll('button')]
          .filter((button) => button.getBoundingClientRect().right > right)
          .map((button) => button.textContent);
      }),
    );
    assert.deepEqual(outside, [], `at ${width} px`);
  }
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
