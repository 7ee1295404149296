// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Cart } from '../../cart';
import { add, empty } from '../../cart';
import { Basket } from './Basket';

afterEach(cleanup);

function show(cart: Cart, more: { readOnlyReason?: string; mergedVersions?: number } = {}) {
  const actions = { addOne: vi.fn(), set: vi.fn(), remove: vi.fn(), clear: vi.fn() };
  const onNewCart = vi.fn();
  const onDismissNote = vi.fn();
  render(
    <Basket
      cart={cart}
      readOnlyReason={more.readOnlyReason ?? null}
      mergedVersions={more.mergedVersions ?? null}
      actions={actions}
      onDismissNote={onDismissNote}
      onNewCart={onNewCart}
    />,
  );
  return { ...actions, onNewCart, onDismissNote, user: userEvent.setup() };
}

const twoMugs = add(empty(), 'a', 'stoneware-mug', 2);

function field() {
  return screen.getByRole<HTMLInputElement>('textbox', { name: 'Quantity of Stoneware mug' });
}

describe('the basket', () => {
  it('steps: more is an add, less sets the quantity', async () => {
    const { user, addOne, set } = show(twoMugs);
    await user.click(screen.getByRole('button', { name: 'One Stoneware mug more' }));
    await user.click(screen.getByRole('button', { name: 'One Stoneware mug less' }));
    expect(addOne).toHaveBeenCalledExactlyOnceWith('stoneware-mug');
    expect(set).toHaveBeenCalledExactlyOnceWith('stoneware-mug', 1);
  });

  it('takes a typed quantity on Enter, and only digits of it', async () => {
    const { user, set } = show(twoMugs);
    await user.click(field());
    await user.keyboard('1x2{Enter}');
    expect(set).toHaveBeenCalledExactlyOnceWith('stoneware-mug', 12);
  });

  it('takes it on leaving the field, and takes it back on Escape', async () => {
    const { user, set } = show(twoMugs);
    await user.click(field());
    await user.keyboard('9{Escape}');
    expect(field().value).toBe('2');
    await user.keyboard('5{Tab}');
    expect(set).toHaveBeenCalledTimes(1);
  });

  it('leaves an emptied field as it was', async () => {
    const { user, set } = show(twoMugs);
    await user.clear(field());
    await user.tab();
    expect(set).not.toHaveBeenCalled();
    expect(field().value).toBe('2');
  });

  it('keeps the focus in the cart when a line goes, also by typing 0', async () => {
    const { user, remove } = show(twoMugs);
    await user.click(screen.getByRole('button', { name: 'Remove Stoneware mug' }));
    expect(document.activeElement).toBe(screen.getByRole('heading', { name: 'Your cart' }));
    await user.click(field());
    await user.keyboard('0{Enter}');
    expect(remove).toHaveBeenCalledTimes(2);
  });

  it('shows a product it does not know as text, without a price', () => {
    show(add(twoMugs, 'a', 'constructor', 1));
    expect(screen.getByText('Unknown product')).toBeDefined();
    expect(screen.getByTestId('cart-total').textContent).toBe('€48.00');
  });

  it('says how many versions were merged until it is dismissed', async () => {
    const { user, onDismissNote } = show(twoMugs, { mergedVersions: 3 });
    expect(screen.getByTestId('merge-note').textContent).toContain('3 versions merged.');
    await user.click(screen.getByRole('button', { name: 'Dismiss the note' }));
    expect(onDismissNote).toHaveBeenCalledOnce();
  });

  it('that cannot be understood offers a new cart and nothing else', async () => {
    const { user, onNewCart } = show(twoMugs, { readOnlyReason: 'it is not JSON' });
    const enabled = screen.getAllByRole<HTMLButtonElement>('button').filter((button) => !button.disabled);
    expect(enabled.map((button) => button.textContent)).toEqual(['Start a new cart']);
    await user.click(screen.getByRole('button', { name: 'Start a new cart' }));
    expect(onNewCart).toHaveBeenCalledOnce();
  });
});
