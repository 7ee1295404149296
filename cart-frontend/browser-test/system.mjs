/**
 * What the pages are tested against, and the browser: a running demo (DYNAMOKV_DEMO_JSON), pages that are served somewhere (DYNAMOKV_CART_URL, its
 * name leading to DYNAMOKV_CART_ADDRESS, and DYNAMOKV_LOSE_NODE the command that takes a node away), or else a store in memory.
 * Environment: DYNAMOKV_DEMO_JSON, DYNAMOKV_CART_URL, DYNAMOKV_CART_ADDRESS, DYNAMOKV_LOSE_NODE, CHROME_PATH, DYNAMOKV_REQUIRE_BROWSER=1, DYNAMOKV_SCREENSHOT.
 */
import assert from 'node:assert/strict';
import { execSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { CHROMIUM_ARGS, findChromium } from './chromium.mjs';
import { MemoryCluster } from './memory-cluster.mjs';
import { MemoryStore, serve } from './memory-store.mjs';

/**
 * @typedef {{ name: string, end: () => void }} Outage a node that was killed; `end` brings it back where it does not come back by itself
 * @typedef {{ url: string, loseNode: () => void, outage: (() => Outage) | null, isPlayed: boolean, close: () => Promise<void> }} Store
 * @typedef {Store & { newPage: (viewport: { width: number, height: number }) => Promise<import('playwright-core').Page> }} System
 */

const pages = fileURLToPath(new URL('../dist', import.meta.url));
const demoFile = process.env['DYNAMOKV_DEMO_JSON'];
const servedUrl = process.env['DYNAMOKV_CART_URL'];
const servedAddress = process.env['DYNAMOKV_CART_ADDRESS'];
const executablePath = findChromium();
const isRequired = process.env['DYNAMOKV_REQUIRE_BROWSER'] === '1';

export const skip =
  executablePath === null && !isRequired ? 'no Chromium here: install one or name it in CHROME_PATH' : false;

/** What a browser says by itself when a request fails or is answered with an error status. */
export const FAILED_REQUEST = /^console: Failed to load resource/;

/** @returns {Promise<System>} */
export async function openSystem() {
  assert.ok(
    executablePath,
    'DYNAMOKV_REQUIRE_BROWSER is set and there is no Chromium; name one in CHROME_PATH',
  );
  const store = servedUrl ? served(servedUrl) : demoFile ? ofDemo(demoFile) : await inMemory();
  const browser = await chromium.launch({
    executablePath,
    headless: true,
    args: [...CHROMIUM_ARGS, ...nameRules()],
  });
  return {
    ...store,
    async newPage(viewport) {
      const context = await browser.newContext({ viewport, reducedMotion: 'reduce' });
      context.setDefaultTimeout(30_000);
      return context.newPage();
    },
    async close() {
      await browser.close();
      await store.close();
    },
  };
}

/** One node's death, played: refusals, a lost answer, a broken connection. @returns {Promise<Store>} */
async function inMemory() {
  assert.ok(existsSync(pages), 'there is no dist/: run `npm run build` first');
  const store = new MemoryStore();
  const cluster = new MemoryCluster();
  const server = await serve({ store, cluster, pages, port: 0 });
  const loseNode = () => {
    store.fail('PUT', 'refuse', 'loseAnswer', 'hangUp');
    store.fail('GET', 'refuse');
  };
  const outage = () => {
    cluster.lose('node-3');
    return { name: 'node-3', end: () => cluster.bringBack('node-3') };
  };
  return { ...server, loseNode, outage, isPlayed: true };
}

/** @param {string} file @returns {Store} */
function ofDemo(file) {
  /** Read anew each time: a node that was started again has another process. */
  const demo = () =>
    /** @type {{ url: string, nodes: { name: string, pid: number }[] }} */ (
      JSON.parse(readFileSync(file, 'utf8'))
    );
  const kill = () => {
    const node = demo().nodes.at(-1);
    assert.ok(node, 'the demo has no nodes');
    process.kill(node.pid, 'SIGKILL');
    return node.name;
  };
  // The demo starts it again.
  const outage = () => ({ name: kill(), end: () => {} });
  return { url: demo().url, loseNode: kill, outage, isPlayed: false, close: async () => {} };
}

/** @param {string} url @returns {Store} */
function served(url) {
  const command = process.env['DYNAMOKV_LOSE_NODE'];
  assert.ok(command, 'DYNAMOKV_LOSE_NODE must say how a node is taken away');
  const loseNode = () => {
    execSync(command, { stdio: 'inherit' });
  };
  return { url, loseNode, outage: null, isPlayed: false, close: async () => {} };
}

/** The page's name leads to the address that was given, as a name server would have it. */
function nameRules() {
  return servedUrl && servedAddress
    ? [`--host-resolver-rules=MAP ${new URL(servedUrl).hostname} ${servedAddress}`]
    : [];
}
