import { formatCents, nameOf, ProductArt, productOf } from '../../catalog';
import { QuantityField } from './QuantityField';

interface Props {
  readonly sku: string;
  readonly quantity: number;
  readonly readOnly: boolean;
  readonly onAddOne: () => void;
  readonly onSet: (quantity: number) => void;
  readonly onRemove: () => void;
}

export function BasketLine({ sku, quantity, readOnly, onAddOne, onSet, onRemove }: Props) {
  const product = productOf(sku);
  const name = nameOf(sku);
  return (
    <li className="line" data-sku={sku}>
      <div className="line-picture">
        {product === undefined ? <span className="line-unknown">?</span> : <ProductArt art={product.art} />}
      </div>
      <div className="line-text">
        <span className="line-name">{name}</span>
        <span className="line-each">
          {product === undefined ? `“${sku}” has no price here` : `${formatCents(product.priceCents)} each`}
        </span>
      </div>
      <span className="line-sum">
        {product === undefined ? '–' : formatCents(product.priceCents * quantity)}
      </span>
      <div className="line-actions">
        <QuantityField
          name={name}
          quantity={quantity}
          readOnly={readOnly}
          onAddOne={onAddOne}
          onSet={onSet}
        />
        <button
          type="button"
          className="button button-quiet"
          disabled={readOnly}
          aria-label={`Remove ${name}`}
          onClick={onRemove}
        >
          Remove
        </button>
      </div>
    </li>
  );
}
