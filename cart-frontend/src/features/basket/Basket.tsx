import { useRef } from 'react';
import type { Cart } from '../../cart';
import { quantityOf, total } from '../../cart';
import { formatCents, inShopOrder, priceCentsOf } from '../../catalog';
import './basket.css';
import { BasketLine } from './BasketLine';

export interface BasketActions {
  readonly addOne: (sku: string) => void;
  readonly set: (sku: string, quantity: number) => void;
  readonly remove: (sku: string) => void;
  readonly clear: () => void;
}

interface Props {
  readonly cart: Cart;
  /** Null when the cart can be edited; otherwise why not. */
  readonly readOnlyReason: string | null;
  readonly mergedVersions: number | null;
  readonly actions: BasketActions;
  readonly onDismissNote: () => void;
  readonly onNewCart: () => void;
}

export function Basket({ cart, readOnlyReason, mergedVersions, actions, onDismissNote, onNewCart }: Props) {
  const title = useRef<HTMLHeadingElement>(null);
  const skus = inShopOrder(cart.items.keys());
  const pieces = skus.reduce((sum, sku) => sum + quantityOf(cart, sku), 0);

  // The button that had the focus goes away with its line; without this the keyboard would start over.
  function leaveTo(action: () => void) {
    action();
    title.current?.focus();
  }

  return (
    <section className="basket" id="cart" aria-labelledby="cart-title">
      <header className="basket-head">
        <h2 id="cart-title" className="section-title" ref={title} tabIndex={-1}>
          Your cart
        </h2>
        <span className="basket-count" data-testid="cart-count">
          {pieces === 1 ? '1 item' : `${pieces} items`}
        </span>
      </header>

      {readOnlyReason === null ? null : <Unreadable reason={readOnlyReason} onNewCart={onNewCart} />}
      {mergedVersions === null ? null : <MergeNote versions={mergedVersions} onDismiss={onDismissNote} />}

      {skus.length === 0 ? (
        <Nothing />
      ) : (
        <ul className="basket-lines">
          {skus.map((sku) => (
            <BasketLine
              key={sku}
              sku={sku}
              quantity={quantityOf(cart, sku)}
              readOnly={readOnlyReason !== null}
              onAddOne={() => actions.addOne(sku)}
              onSet={(quantity) =>
                quantity === 0 ? leaveTo(() => actions.remove(sku)) : actions.set(sku, quantity)
              }
              onRemove={() => leaveTo(() => actions.remove(sku))}
            />
          ))}
        </ul>
      )}

      <div className="basket-total">
        <span>Total</span>
        <output className="basket-sum" data-testid="cart-total" aria-label="Cart total">
          {formatCents(total(cart, priceCentsOf))}
        </output>
      </div>
      {skus.length === 0 ? null : (
        <button
          type="button"
          className="button button-quiet basket-clear"
          disabled={readOnlyReason !== null}
          onClick={() => leaveTo(actions.clear)}
        >
          Empty the cart
        </button>
      )}
    </section>
  );
}

function MergeNote({ versions, onDismiss }: { readonly versions: number; readonly onDismiss: () => void }) {
  return (
    <div className="note note-merge" data-testid="merge-note">
      <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
        <path d="M4 2.5v3c0 2 4 2.5 4 5v3M12 2.5v3c0 2-4 2.5-4 5" />
      </svg>
      <p>
        <strong>{versions} versions merged.</strong> Someone else changed this cart at the same time; all adds
        were kept.
      </p>
      <button type="button" className="note-close" aria-label="Dismiss the note" onClick={onDismiss}>
        <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
          <path d="m4.5 4.5 7 7m0-7-7 7" />
        </svg>
      </button>
    </div>
  );
}

function Unreadable({ reason, onNewCart }: { readonly reason: string; readonly onNewCart: () => void }) {
  return (
    <div className="note note-bad" data-testid="unreadable-note">
      <div>
        <p>
          <strong>This cart is read-only.</strong> A stored version cannot be understood: {reason}. It is left
          as it is, so that nothing gets lost.
        </p>
        <button type="button" className="button button-primary" onClick={onNewCart}>
          Start a new cart
        </button>
      </div>
    </div>
  );
}

function Nothing() {
  return (
    <div className="basket-empty">
      <svg viewBox="0 0 120 60" aria-hidden="true" focusable="false">
        <path d="M8 22c17-14 35-14 52 0s35 14 52 0M8 42c17-14 35-14 52 0s35 14 52 0" />
      </svg>
      <p>Nothing here yet.</p>
      <p className="basket-empty-hint">What you add is kept, even when a server goes down.</p>
    </div>
  );
}
