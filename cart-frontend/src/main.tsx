import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { cartNameIn, linkTo, newCartId, randomText, rememberCartId, rememberedCartId } from './app/cartId';
import { localDrafts } from './app/drafts';
import { keepFresh } from './app/keepFresh';
import { createToastStore, messageOf } from './features/toasts';
import { httpCartStore } from './store';
import { openSession } from './sync';

const named = cartNameIn(window.location.search);
const cartId = named.kind === 'named' ? named.cartId : (rememberedCartId() ?? newCartId());
rememberCartId(cartId);
if (named.kind !== 'named') window.history.replaceState(null, '', linkTo(cartId));

const toasts = createToastStore();
const session = openSession({
  cartId,
  actor: randomText(16),
  store: httpCartStore,
  drafts: localDrafts(cartId, randomText(16)),
  nowMillis: Date.now,
  chance: Math.random,
  schedule: (callback, afterMillis) => {
    const timer = window.setTimeout(callback, afterMillis);
    return () => window.clearTimeout(timer);
  },
  tell: (notice) => toasts.raise(messageOf(notice)),
});

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root');
createRoot(root).render(
  <StrictMode>
    <App
      session={session}
      toasts={toasts}
      link={linkTo(cartId)}
      onNewCart={() => window.location.assign(linkTo(newCartId()))}
    />
  </StrictMode>,
);

session.start();
keepFresh(session);
if (named.kind === 'invalid') {
  const reason = 'The name in the address is no cart’s (a to z, 0 to 9 and -). This is your own cart.';
  toasts.raise(messageOf({ kind: 'editRefused', reason }));
}
