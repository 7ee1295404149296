/** The page about the nodes in a real browser; system.mjs says against which store, and by which environment. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { FAILED_REQUEST, openSystem, skip } from './system.mjs';
import { StatusPage } from './status-page.mjs';

const PHONE = { width: 360, height: 740 };
const DESKTOP = { width: 1360, height: 900 };

/** @type {import('./system.mjs').System} */
let system;

before(async () => {
  if (skip === false) system = await openSystem();
});

after(() => system?.close());

/** @param {{ width: number, height: number }} viewport @param {string} name */
async function viewer(viewport, name) {
  const page = new StatusPage(await system.newPage(viewport), name);
  await page.watchPolicy();
  return page;
}

test('a link leads from the cart to its nodes, and back to the same cart', { skip }, async () => {
  const ada = await viewer(DESKTOP, 'Ada');
  await ada.page.goto(`${system.url}/?cart=the-way-back`);
  await ada.page.getByRole('link', { name: 'Behind the cart' }).click();
  await ada.seesHeadline(/^All \d+ members are alive$/);
  await ada.page.getByRole('link', { name: 'Back to the cart' }).click();
  await ada.page.waitForURL(/[?]cart=the-way-back$/);
  ada.assertNoComplaintsBut(FAILED_REQUEST);
  await ada.page.context().close();
});

test('the page needs no more than the policy allows, and fits a phone', { skip }, async () => {
  const bob = await viewer(PHONE, 'Bob');
  const response = await bob.open(system.url);
  assert.match(response?.headers()['content-security-policy'] ?? '', /default-src 'self'; style-src 'self'/);
  await bob.seesHeadline(/^All \d+ members are alive$/);
  await bob.assertFitsTheScreen();
  await bob.page.screenshot({ path: shot('status-phone'), fullPage: true });
  bob.assertNoComplaintsBut();
  await bob.page.context().close();
});

/* Where nodes belong to somebody else (served pages), the cart's test has taken one away already. */
test('a node is killed: the page shows it down, and alive again once it is back', { skip }, async (t) => {
  if (system.outage === null) return t.skip('the nodes are not ours to kill');
  const ada = await viewer(DESKTOP, 'Ada');
  await ada.open(system.url);
  await ada.seesHeadline(/^All \d+ members are alive$/);

  const outage = system.outage();

  await ada.sees(outage.name, 'down');
  await ada.seesHeadline(`${outage.name} is down`);
  await ada.seesTimeLine(outage.name, /alive \d+ s.*down [1-9]\d* s/);
  await ada.seesOf(outage.name, /Down.*down node-\d/);
  await ada.page.screenshot({ path: shot('status'), fullPage: true });

  outage.end();

  await ada.sees(outage.name, 'alive');
  await ada.seesHeadline(/^All \d+ members are alive$/);
  await ada.seesOf(outage.name, /Alive.*It answered itself/);
  ada.assertNoComplaintsBut(FAILED_REQUEST);
  await ada.page.context().close();
});

/** @param {string} name */
function shot(name) {
  return fileURLToPath(new URL(`../target/${name}.png`, import.meta.url));
}
