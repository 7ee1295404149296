import { useSyncExternalStore } from 'react';
import { quantityOf, total } from '../cart';
import { formatCents, priceCentsOf, PRODUCTS } from '../catalog';
import type { BasketActions } from '../features/basket';
import { Basket } from '../features/basket';
import { ProductList } from '../features/products';
import { StatusStrip } from '../features/status';
import type { ToastStore } from '../features/toasts';
import { ToastRegion } from '../features/toasts';
import type { CartSession } from '../sync';
import { statusOf } from '../sync';
import './app.css';
import { Masthead } from './Masthead';

interface Props {
  readonly session: CartSession;
  readonly toasts: ToastStore;
  readonly link: string;
  readonly onNewCart: () => void;
}

export function App({ session, toasts, link, onNewCart }: Props) {
  const state = useSyncExternalStore(session.subscribe, session.state);
  const cart = state.local;
  const readOnly = state.unreadable !== null;
  const sum = formatCents(total(cart, priceCentsOf));

  const actions: BasketActions = {
    addOne: (sku) => session.edit({ kind: 'add', sku }),
    set: (sku, quantity) => session.edit({ kind: 'set', sku, quantity }),
    remove: (sku) => session.edit({ kind: 'remove', sku }),
    clear: () => session.edit({ kind: 'clear' }),
  };

  return (
    <>
      <a className="skip" href="#cart">
        Skip to the cart
      </a>
      <div className="page">
        <Masthead
          title="Stillwater Goods"
          tagline="Plain, well-made things, and a cart that forgets nothing."
          link={{ href: '/status', text: 'Behind the cart' }}
        />
        <StatusStrip
          cartId={session.cartId}
          link={link}
          status={statusOf(state)}
          hasUnsaved={state.unsaved.count > 0}
          lastSyncedAtMillis={state.lastSyncedAtMillis}
          onRefresh={() => session.refresh('user')}
          onNewCart={onNewCart}
        />
        <main className="columns">
          <div className="shelf">
            <ProductList
              products={PRODUCTS}
              quantityOf={(sku) => quantityOf(cart, sku)}
              readOnly={readOnly}
              onAdd={actions.addOne}
            />
            <a className="cart-bar" href="#cart">
              <span>View cart</span>
              <span className="cart-bar-sum">{sum}</span>
            </a>
          </div>
          <aside className="side">
            <Basket
              cart={cart}
              readOnlyReason={state.unreadable}
              mergedVersions={state.mergeNote?.versions ?? null}
              actions={actions}
              onDismissNote={session.dismissNote}
              onNewCart={onNewCart}
            />
          </aside>
        </main>
        <footer className="footer">
          Kept in DynamoKV. Open the link in two browsers and change both: every add survives.
        </footer>
      </div>
      <ToastRegion store={toasts} />
    </>
  );
}
