import assert from 'node:assert/strict';
import { OpenPage } from './open-page.mjs';

/** One open cart and what a person can do with it. Every `sees` waits for a condition; nothing sleeps. */
export class CartPage extends OpenPage {
  /** @param {string} url */
  async open(url) {
    const response = await this.page.goto(url);
    await this.seesStatus('saved');
    return response;
  }

  /** @param {string} product */
  async adds(product) {
    await this.page.getByRole('button', { name: `Add ${product} to the cart` }).click();
  }

  /** @param {string} product */
  async addsOneMoreOf(product) {
    await this.page.getByRole('button', { name: `One ${product} more` }).click();
  }

  /** @param {string} product */
  async takesOneOf(product) {
    await this.page.getByRole('button', { name: `One ${product} less` }).click();
  }

  /** @param {string} product @param {number} quantity */
  async types(product, quantity) {
    const field = this.page.getByRole('textbox', { name: `Quantity of ${product}` });
    await field.fill(String(quantity));
    await field.press('Enter');
  }

  /** @param {string} product */
  async removes(product) {
    await this.page.getByRole('button', { name: `Remove ${product}`, exact: true }).click();
  }

  /** @param {string} product @param {number} quantity */
  async sees(product, quantity) {
    const field = this.page.getByRole('textbox', { name: `Quantity of ${product}` });
    await this.#until(`${quantity} of ${product}`, async () => {
      if ((await field.count()) === 0) return quantity === 0;
      return quantity !== 0 && (await field.inputValue({ timeout: 1_000 })) === String(quantity);
    });
  }

  /** @param {string} total */
  async seesTotal(total) {
    await this.#until(`the total ${total}`, async () => {
      return (await this.page.getByTestId('cart-total').textContent()) === total;
    });
  }

  /** @param {string | RegExp} title @param {{ tone?: string }} [more] */
  async seesToast(title, { tone } = {}) {
    const selector = tone === undefined ? '.toast' : `.toast[data-tone="${tone}"]`;
    await this.page.locator(selector).filter({ hasText: title }).first().waitFor();
  }

  /** @param {string} status */
  async seesStatus(status) {
    await this.page.locator(`[data-testid="status"][data-status="${status}"]`).waitFor();
  }

  /** @param {number | RegExp} versions */
  async seesMergeNote(versions) {
    const text = typeof versions === 'number' ? `${versions} versions merged` : versions;
    await this.page.getByTestId('merge-note').filter({ hasText: text }).waitFor();
  }

  /** @param {string} what @param {() => Promise<boolean>} condition */
  async #until(what, condition) {
    const giveUpAt = Date.now() + 30_000;
    while (!(await condition())) {
      if (Date.now() > giveUpAt) assert.fail(`${this.name} never saw ${what}`);
      // The next frame of the page is the next moment anything can have changed.
      await this.page.evaluate(() => new Promise((resolve) => window.requestAnimationFrame(resolve)));
    }
  }
}
