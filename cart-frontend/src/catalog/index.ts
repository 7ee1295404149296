/** The shop's products: names, prices, pictures. */
export { formatCents } from './money';
export { ProductArt } from './ProductArt';
export type { ArtName, Product } from './products';
export { PRODUCTS, inShopOrder, nameOf, priceCentsOf, productOf } from './products';
