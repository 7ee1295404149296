import assert from 'node:assert/strict';
import { OpenPage } from './open-page.mjs';

/** How long a node that was killed may need to be started, to open its directory and to be believed. */
const RETURN_MILLIS_MAX = 120_000;

/** The open page about the nodes. Every `sees` waits for a condition; nothing sleeps. */
export class StatusPage extends OpenPage {
  /** @param {string} url of the cart */
  async open(url) {
    return this.page.goto(new URL('/status', url).href);
  }

  /** @param {string} name @param {string} verdict */
  async sees(name, verdict) {
    const card = `[data-testid="member"][data-name="${name}"][data-verdict="${verdict}"]`;
    await this.page.locator(card).waitFor({ timeout: RETURN_MILLIS_MAX });
  }

  /** @param {string | RegExp} text */
  async seesHeadline(text) {
    await this.page.getByTestId('headline').filter({ hasText: text }).waitFor({ timeout: RETURN_MILLIS_MAX });
  }

  /** What a screen reader is told of a member's last two minutes. @param {string} name @param {RegExp} text */
  async seesTimeLine(name, text) {
    await this.#card(name).getByRole('img', { name: text }).waitFor({ timeout: RETURN_MILLIS_MAX });
  }

  /** @param {string} name @param {RegExp} text somewhere on its card */
  async seesOf(name, text) {
    await this.#card(name).filter({ hasText: text }).waitFor({ timeout: RETURN_MILLIS_MAX });
  }

  async assertFitsTheScreen() {
    const { content, screen } = await this.page.evaluate(() => ({
      content: document.documentElement.scrollWidth,
      screen: document.documentElement.clientWidth,
    }));
    assert.ok(content <= screen, `${content} px of content on a screen of ${screen} px`);
  }

  /** @param {string} name */
  #card(name) {
    return this.page.locator(`[data-testid="member"][data-name="${name}"]`);
  }
}
