import { type RecordName, recordNames, schemaOf } from '@varai/schemas'
import { aiSession, consent, recommendation } from './ai/ai-kinds.ts'
import { emailKey, variantKeys } from './identity.ts'
import { buriedPartIds, partIds } from './part-ids.ts'
import type { PlainObject } from './plain.ts'
import type { ListKind, RecordKind } from './record-kind.ts'

export type { RecordKind } from './record-kind.ts'

/** Names of the fields of a record of the contract. */
function fieldsOf(record: RecordName): string[] {
  const names: string[] = []
  for (const { name } of schemaOf(record).fields) names.push(name)
  return names
}

const events = recordNames.map(fieldsOf).filter((fields) => fields.includes('eventId'))
const isOfEnvelope = (field: string): boolean => events.every((fields) => fields.includes(field))

/** Fields of a record that are its own: neither the envelope's nor the one that says which lists are whole. */
const ownFields = (record: RecordName): string[] =>
  fieldsOf(record).filter((field) => !isOfEnvelope(field) && field !== 'complete')

const without = (fields: readonly string[], lists: readonly ListKind[]): string[] =>
  fields.filter((field) => !lists.some((list) => list.field === field))

const orderLists: ListKind[] = [{ field: 'refunds' }, { field: 'fulfilments' }]
const order: RecordKind = {
  entityType: 'order',
  record: 'OrderStated',
  collection: 'orders',
  registers: without(ownFields('OrderStated'), orderLists),
  lists: orderLists,
  // One store speaks of an order, so no two values compete: only what people ask after is dated.
  tracked: ['cancelledAt', 'status', 'fulfillmentStatus', 'total', 'netTotal'],
  outlivesPersons: true,
  savedAs: 'syncedAt',
}

const customerLists: ListKind[] = [{ field: 'addresses', tracked: (address) => address }]
const customerFields = without(ownFields('CustomerStated'), customerLists)
const customer: RecordKind = {
  entityType: 'customer',
  record: 'CustomerStated',
  collection: 'customers',
  registers: customerFields,
  lists: customerLists,
  tracked: customerFields,
  datedApart: true,
  savedAs: 'syncedAt',
  derived: ({ merchantId, registers }) => {
    const key = emailKey(merchantId, registers.values['email'])
    return key === undefined ? {} : { emailKey: key }
  },
}

const pick = (element: PlainObject, names: readonly string[]): PlainObject =>
  Object.fromEntries(names.flatMap((name) => (element[name] === undefined ? [] : [[name, element[name]]])))

const productLists: ListKind[] = [
  // Stock and positions change all the time; what stores can disagree about dates a variant as a whole.
  {
    field: 'variants',
    tracked: (variant) => pick(variant, ['sku', 'barcode', 'title', 'price', 'compareAtPrice']),
    // a catalogue item keeps its id when the variant that gave it is taken out of the shop
    remembers: (variant) => pick(variant, ['sku', 'barcode']),
  },
]
const productFields = without(ownFields('ProductStated'), productLists)
const product: RecordKind = {
  entityType: 'product',
  record: 'ProductStated',
  collection: 'products',
  registers: productFields,
  lists: productLists,
  tracked: productFields,
  parts: 'variants',
  savedAs: 'lastSyncAt',
  derived: (record) => {
    const keys = [...new Set([...variantKeys(record).values()].flat())].sort()
    const parts = [...new Set([...partIds(record).keys(), ...buriedPartIds(record).keys()])].sort()
    return {
      ...(keys.length === 0 ? {} : { catalogKeys: keys }),
      ...(parts.length === 0 ? {} : { partIds: parts }),
    }
  },
}

const inventory: RecordKind = {
  entityType: 'inventory',
  record: 'InventoryStated',
  collection: 'inventory',
  registers: ['variantId', 'productId', 'sku'],
  lists: [{ field: 'locations' }],
  tracked: [],
  parts: 'locations',
  savedAs: 'syncedAt',
}

const store: RecordKind = {
  entityType: 'store',
  record: 'StoreStated',
  collection: 'stores',
  registers: ownFields('StoreStated'),
  lists: [],
  tracked: ownFields('StoreStated'),
  savedAs: 'syncedAt',
}

export const kinds: readonly RecordKind[] = [
  ...[order, customer, product, inventory, store],
  ...[aiSession, recommendation, consent],
]

/** The kind of record that statements about such entities fold into; undefined where none is kept. */
export const kindOf = (entityType: string): RecordKind | undefined =>
  kinds.find((kind) => kind.entityType === entityType)

/** Those whose records lie in one of these collections. */
export const kindsIn = (collections: readonly string[]): RecordKind[] =>
  kinds.filter(({ collection }) => collections.includes(collection))

export {
  aiSession as aiSessionKind,
  consent as consentKind,
  recommendation as recommendationKind,
} from './ai/ai-kinds.ts'
export const orderKind = order
export const customerKind = customer
export const productKind = product
