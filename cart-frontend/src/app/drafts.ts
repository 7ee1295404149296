import type { Cart } from '../cart';
import { empty, merge, parse, serialise } from '../cart';
import type { Drafts } from '../sync';

/**
 * Unsaved changes in localStorage, so that a page closed while the store is away loses nothing. Each page load has
 * an entry of its own and takes over what it finds of earlier ones; pages of one cart do not overwrite each other.
 * A draft is a cart, and merging an old cart is always safe; the actor in it is never used again.
 */
export function localDrafts(cartId: string, pageId: string): Drafts {
  const prefix = `dynamokv.draft.${cartId}.`;
  const own = prefix + pageId;
  const takenOver = new Map<string, string>();

  return {
    load() {
      const drafts: Cart[] = [];
      for (const [key, text] of entries(prefix)) {
        takenOver.set(key, text);
        const parsed = parse(text);
        if (parsed.ok) drafts.push(parsed.cart);
      }
      return drafts.length === 0 ? null : drafts.reduce(merge, empty());
    },
    keep(cart) {
      attempt(() => localStorage.setItem(own, serialise(cart)));
    },
    drop() {
      attempt(() => localStorage.removeItem(own));
      for (const [key, text] of takenOver) {
        // Another page may be alive and have written on.
        attempt(() => {
          if (localStorage.getItem(key) === text) localStorage.removeItem(key);
        });
      }
      takenOver.clear();
    },
  };
}

function entries(prefix: string): [string, string][] {
  const found: [string, string][] = [];
  attempt(() => {
    for (let index = 0; index < localStorage.length; index++) {
      const key = localStorage.key(index);
      const text = key?.startsWith(prefix) === true ? localStorage.getItem(key) : null;
      if (key !== null && text !== null) found.push([key, text]);
    }
  });
  return found;
}

/** Storage may be full or forbidden; then the page works without drafts. */
function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // Nothing to do.
  }
}
