/** Which cart this page shows: the one in its address, else the one this browser had last, else a new one. */
export type CartName =
  | { readonly kind: 'named'; readonly cartId: string }
  | { readonly kind: 'unnamed' }
  | { readonly kind: 'invalid' };

const NAME = /^[a-z0-9-]{1,64}$/;
const REMEMBERED = 'dynamokv.cart';

export function cartNameIn(search: string): CartName {
  const name = new URLSearchParams(search).get('cart');
  if (name === null) return { kind: 'unnamed' };
  return NAME.test(name) ? { kind: 'named', cartId: name } : { kind: 'invalid' };
}

/** Who knows the name can open the cart, so it is not to be guessed: 60 random bits. */
export function newCartId(): string {
  return `cart-${randomText(12)}`;
}

/** Letters and digits that cannot be mistaken for each other, five bits each. */
export function randomText(length: number): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz023456789';
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(bytes, (byte) => alphabet.charAt(byte % alphabet.length)).join('');
}

export function rememberedCartId(): string | null {
  try {
    const cartId = localStorage.getItem(REMEMBERED);
    return cartId !== null && NAME.test(cartId) ? cartId : null;
  } catch {
    return null;
  }
}

/** Forgetting is bearable: the address has the name too. */
export function rememberCartId(cartId: string): void {
  try {
    localStorage.setItem(REMEMBERED, cartId);
  } catch {
    // Storage is full or forbidden.
  }
}

export function linkTo(cartId: string): string {
  const url = new URL(window.location.href);
  url.search = `?cart=${cartId}`;
  url.hash = '';
  return url.href;
}
