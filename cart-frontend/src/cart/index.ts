/** The cart as a datatype. Pure: no clock, no chance, no I/O, no other layer. */
export type { Actor, Cart, Dot, Dots, Sku } from './cart';
export {
  AMOUNT_MAX,
  add,
  dotCount,
  empty,
  equal,
  includes,
  merge,
  quantityOf,
  remove,
  removeAll,
  setQuantity,
  total,
} from './cart';
export type { Parsed } from './codec';
export { parse, serialise } from './codec';
export { EDIT_MAX, STORED_MAX, refusalOfAdd, refusalOfDot } from './limits';
