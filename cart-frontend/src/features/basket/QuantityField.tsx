import type { KeyboardEvent } from 'react';
import { useRef, useState } from 'react';
import { AMOUNT_MAX } from '../../cart';

interface Props {
  readonly name: string;
  readonly quantity: number;
  readonly readOnly: boolean;
  readonly onAddOne: () => void;
  readonly onSet: (quantity: number) => void;
}

/**
 * A stepper that can be typed into. More is an add, so that two people who press it both count; less and a typed
 * number set the quantity. What is typed is taken on Enter or on leaving the field, and Escape takes it back.
 */
export function QuantityField({ name, quantity, readOnly, onAddOne, onSet }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  // Taking a number may move the focus away at once, before a rendering: what is left to take must be known by then.
  const untaken = useRef<string | null>(null);

  function type(text: string | null) {
    untaken.current = text;
    setTyped(text);
  }

  function take() {
    const text = untaken.current;
    type(null);
    if (text !== null && /^[0-9]{1,4}$/.test(text)) onSet(Number(text));
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    if (event.key === 'Enter') take();
    if (event.key === 'Escape') type(null);
  }

  return (
    <div className="stepper" role="group" aria-label={`Quantity of ${name}`}>
      <button
        type="button"
        className="stepper-button"
        aria-label={`One ${name} less`}
        disabled={readOnly || quantity <= 1}
        onClick={() => onSet(quantity - 1)}
      >
        <Sign />
      </button>
      <input
        className="stepper-input"
        type="text"
        inputMode="numeric"
        autoComplete="off"
        maxLength={4}
        aria-label={`Quantity of ${name}`}
        readOnly={readOnly}
        value={typed ?? String(quantity)}
        onFocus={(event) => event.target.select()}
        onChange={(event) => type(event.target.value.replace(/[^0-9]/g, ''))}
        onBlur={take}
        onKeyDown={onKeyDown}
      />
      <button
        type="button"
        className="stepper-button"
        aria-label={`One ${name} more`}
        disabled={readOnly || quantity >= AMOUNT_MAX}
        onClick={onAddOne}
      >
        <Sign plus />
      </button>
    </div>
  );
}

function Sign({ plus = false }: { readonly plus?: boolean }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={plus ? 'M8 3.5v9M3.5 8h9' : 'M3.5 8h9'} />
    </svg>
  );
}
