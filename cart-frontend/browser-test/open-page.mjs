import assert from 'node:assert/strict';

/** Headers that matter with https are sent without it too; a browser says that it does not heed them then. */
const PLAIN_HTTP = /^console: The Cross-Origin-Opener-Policy header has been ignored/;

/**
 * A page that somebody has open, and what it complains about.
 * @typedef {import('playwright-core').Page} Page
 */
export class OpenPage {
  /** @type {string[]} */
  #complaints = [];

  /** @param {Page} page @param {string} name */
  constructor(page, name) {
    this.page = page;
    this.name = name;
    page.on('pageerror', (error) => this.#complaints.push(`page error: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() !== 'error' && message.type() !== 'warning') return;
      this.#complaints.push(`console: ${message.text()} (${message.location().url})`);
    });
  }

  /** Must come before the page is opened: policy violations are events of the document. */
  async watchPolicy() {
    await this.page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        console.error(`policy violation: ${event.violatedDirective} ${event.blockedURI}`);
      });
    });
  }

  /** @param {RegExp[]} expected what the page may complain about, beside what plain http always brings */
  assertNoComplaintsBut(...expected) {
    const allowed = [...expected, PLAIN_HTTP];
    const unexpected = this.#complaints.filter((text) => !allowed.some((pattern) => pattern.test(text)));
    assert.deepEqual(unexpected, [], `${this.name} complains`);
  }
}
