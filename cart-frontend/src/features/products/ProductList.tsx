import type { Product } from '../../catalog';
import { formatCents, ProductArt } from '../../catalog';
import './products.css';

interface Props {
  readonly products: readonly Product[];
  readonly quantityOf: (sku: string) => number;
  readonly readOnly: boolean;
  readonly onAdd: (sku: string) => void;
}

export function ProductList({ products, quantityOf, readOnly, onAdd }: Props) {
  return (
    <section className="products" aria-labelledby="products-title">
      <h2 id="products-title" className="section-title">
        For a quiet house
      </h2>
      <ul className="product-grid">
        {products.map((product) => (
          <li key={product.sku} className="product" data-sku={product.sku}>
            <div className="product-picture">
              <ProductArt art={product.art} />
              <InCart quantity={quantityOf(product.sku)} />
            </div>
            <div className="product-text">
              <h3 className="product-name">{product.name}</h3>
              <p className="product-description">{product.description}</p>
            </div>
            <div className="product-foot">
              <span className="product-price">{formatCents(product.priceCents)}</span>
              <button
                type="button"
                className="button button-primary"
                disabled={readOnly}
                aria-label={`Add ${product.name} to the cart`}
                onClick={() => onAdd(product.sku)}
              >
                Add to cart
              </button>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function InCart({ quantity }: { readonly quantity: number }) {
  return quantity === 0 ? null : (
    <span className="in-cart">
      {quantity}
      <span className="in-cart-words"> in cart</span>
    </span>
  );
}
