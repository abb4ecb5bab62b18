import type { MagentoApiOptions, MagentoEntity, WooApiOptions, WooEntity } from '@varai/simulator'

type WooShop = WooApiOptions['shop']
export type WooDocument = NonNullable<ReturnType<WooShop['document']>>
type MagentoShop = MagentoApiOptions['shop']
export type MagentoDocument = NonNullable<ReturnType<MagentoShop['document']>>

/** What the API of a store says, document by document; whoever tries the store changes it. */
export type WooShelf = WooShop & {
  put(entity: WooEntity, ...documents: WooDocument[]): void
  putVariations(productId: number, ...variations: WooDocument[]): void
  remove(entity: WooEntity, id: number): void
}

export function createWooShelf(): WooShelf {
  const held: Record<WooEntity, Map<number, WooDocument>> = {
    ...{ orders: new Map(), products: new Map(), customers: new Map() },
  }
  const variations = new Map<number, WooDocument[]>()
  return {
    document: (entity, id) => held[entity].get(id),
    documents: (entity) => [...held[entity].values()],
    variations: (productId) => variations.get(productId) ?? (held.products.has(productId) ? [] : undefined),
    put(entity, ...documents) {
      for (const document of documents) held[entity].set(document.id, document)
    },
    putVariations: (productId, ...rows) => void variations.set(productId, rows),
    remove: (entity, id) => void held[entity].delete(id),
  }
}

/** As a Magento store's API says it; nothing of it ever changes. */
export function createMagentoShelf(
  documents: Readonly<Record<MagentoEntity, readonly MagentoDocument[]>>,
): MagentoShop {
  const idOf = (document: MagentoDocument) => Number(document['entity_id'] ?? document['id'])
  return {
    document: (entity, id) => documents[entity].find((each) => idOf(each) === id),
    documents: (entity) => documents[entity],
  }
}
