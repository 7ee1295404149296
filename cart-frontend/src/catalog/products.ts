/** What the shop sells. Carts name products by `sku` only; names and prices never come from a stored cart. */
export interface Product {
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly priceCents: number;
  readonly art: ArtName;
}

export type ArtName =
  'mug' | 'tote' | 'tray' | 'carafe' | 'candle' | 'notebook' | 'lamp' | 'plant' | 'blanket';

export const PRODUCTS: readonly Product[] = [
  product('stoneware-mug', 'Stoneware mug', 'Hand-thrown, holds a slow coffee', 2400, 'mug'),
  product('walnut-tray', 'Walnut tray', 'Oiled wood with a raised rim', 5800, 'tray'),
  product('glass-carafe', 'Glass carafe', 'One litre, with a cork stopper', 3600, 'carafe'),
  product('beeswax-candle', 'Beeswax candle', 'Burns for forty quiet hours', 1850, 'candle'),
  product('linen-tote', 'Linen tote', 'Washed flax, deep enough for a market', 3200, 'tote'),
  product('field-notebook', 'Field notebook', 'Dotted pages that lie flat', 1495, 'notebook'),
  product('reading-lamp', 'Reading lamp', 'A warm light with a brass arm', 12900, 'lamp'),
  product('potted-fern', 'Potted fern', 'Content with shade and a weekly sip', 2750, 'plant'),
  product('wool-blanket', 'Wool blanket', 'Woven thick, for the long evenings', 8900, 'blanket'),
];

const bySku: ReadonlyMap<string, Product> = new Map(PRODUCTS.map((each) => [each.sku, each]));
const placeOf: ReadonlyMap<string, number> = new Map(PRODUCTS.map((each, place) => [each.sku, place]));

/** A Map, because a cart may name a product `constructor`. */
export function productOf(sku: string): Product | undefined {
  return bySku.get(sku);
}

export function nameOf(sku: string): string {
  return productOf(sku)?.name ?? 'Unknown product';
}

export function priceCentsOf(sku: string): number | undefined {
  return productOf(sku)?.priceCents;
}

/** The order of the shop, and what it does not know last: the same on every page, however versions were merged. */
export function inShopOrder(skus: Iterable<string>): readonly string[] {
  const place = (sku: string) => placeOf.get(sku) ?? PRODUCTS.length;
  return [...skus].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}

function product(sku: string, name: string, description: string, priceCents: number, art: ArtName): Product {
  return { sku, name, description, priceCents, art };
}
