import { customerDocument, type MagentoDocument, orderDocument, productDocument } from './documents.ts'
import type { MagentoCustomer, MagentoOrder, MagentoProduct } from './model.ts'

export type MagentoEntity = 'orders' | 'customers' | 'products'

/** Something that happened to an entity, with what the shop says of it then; of a deleted one, what it last said. */
export type JournalEntry = {
  /** ms since 1970. */
  readonly at: number
  readonly what: 'saved' | 'stock' | 'deleted'
  readonly entity: MagentoEntity
  readonly id: number
  readonly document: MagentoDocument
}

/** Writes down what a shop says after each thing that happens to it. */
export function createJournal(currency: string) {
  const entries: JournalEntry[] = []
  const note = (what: JournalEntry['what'], entity: MagentoEntity, at: number, id: number, document: MagentoDocument) =>
    void entries.push({ at, what, entity, id, document })
  return {
    entries: entries as readonly JournalEntry[],
    order: (of: MagentoOrder) => note('saved', 'orders', of.modifiedAt, of.id, orderDocument(of, currency)),
    customer: (of: MagentoCustomer) => note('saved', 'customers', of.modifiedAt, of.id, customerDocument(of)),
    product: (of: MagentoProduct) => note('saved', 'products', of.modifiedAt, of.id, productDocument(of, currency)),
    /** Units moved; nothing else of the product did, least of all its time. */
    stock: (of: MagentoProduct, at: number) => note('stock', 'products', at, of.id, productDocument(of, currency)),
    productGone: (of: MagentoProduct, at: number) =>
      note('deleted', 'products', at, of.id, productDocument(of, currency)),
    customerGone: (of: MagentoCustomer, at: number) => note('deleted', 'customers', at, of.id, customerDocument(of)),
  }
}
