export type { BasketActions } from './Basket';
export { Basket } from './Basket';
