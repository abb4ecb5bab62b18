import { createHash } from 'node:crypto'
import type { ExpectedRecord, Truth, WooDelivery } from '@varai/simulator'
import type { WooStore } from '../stores.ts'

/** Follows which deliveries of a shop were answered with 200. */
export function followAnswers(deliveries: readonly WooDelivery[]) {
  const taken = new Set<WooDelivery>()
  const statuses = new Map<number, number>()
  let answers = 0
  return {
    /** For `deliver`: takes note of an answer. */
    take(delivery: WooDelivery, status: number): boolean {
      answers += 1
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (status === 200) taken.add(delivery)
      return status === 200
    },
    answers: () => answers,
    with: (status: number) => statuses.get(status) ?? 0,
    /** The answered ones, each once, by the ids that their events must bear. */
    taken: () => new Set([...taken].map(deliveryIdOf)),
    /** Entities that were told of, and those of them of which everything was answered with 200. */
    entities() {
      const open = new Set(deliveries.filter((each) => !taken.has(each)).map(entityOf))
      const all = new Set(deliveries.map(entityOf))
      return { all, whole: new Set([...all].filter((entity) => !open.has(entity))) }
    },
  }
}

/** What the service calls a delivery: its webhook, its topic, and what it brought. */
function deliveryIdOf({ topic, headers, body }: WooDelivery): string {
  const content = createHash('sha256').update(body)
  const namesOnly = topic.startsWith('action.') || topic.endsWith('.deleted')
  if (namesOnly) content.update(`\n${headers['x-wc-webhook-delivery-id']}`)
  return `${headers['x-wc-webhook-id']}:${topic}:${content.digest('hex')}`
}

type Said = { id?: string | number; arg?: string | number; parent_id?: string | number }

/** `orders 727`; a variation counts as its product. */
function entityOf({ topic, body }: WooDelivery): string {
  const { id, arg, parent_id: parentId } = JSON.parse(body.toString()) as Said
  if (topic.includes('order')) return `orders ${id ?? arg}`
  if (topic.includes('customer')) return `customers ${id ?? arg}`
  return `products ${Number(parentId ?? 0) === 0 ? (id ?? arg) : parentId}`
}

/** Of a truth only the records of some entities, and nothing of people. */
export function truthAbout(truth: Truth, entities: ReadonlySet<string>, store: WooStore): Truth {
  const records = eachRecord(truth, store, (record, entity) => (entities.has(entity) ? record : undefined))
  return { ...truth, records, users: new Map() }
}

/**
 * The truth for whoever was told everything of some entities, and asked about the others later. Of what lies in the trash
 * by then the answer is no more than that: what else its tombstone tells is as old as what was told of it.
 */
export function truthAsAsked(truth: Truth, told: ReadonlySet<string>, store: WooStore): Truth {
  const records = eachRecord(truth, store, (record, entity) =>
    record.deleted && !told.has(entity) ? { ...record, fields: {} } : record,
  )
  return { ...truth, records }
}

function eachRecord(
  { records }: Truth,
  { merchantId, storeId }: WooStore,
  change: (record: ExpectedRecord, entity: string) => ExpectedRecord | undefined,
): Truth['records'] {
  const prefix = `${merchantId}|woocommerce|${storeId}|`
  const changed = (collection: keyof Truth['records']) =>
    new Map(
      [...records[collection]].flatMap(([id, record]): [string, ExpectedRecord][] => {
        const one = change(record, `${collection} ${id.slice(prefix.length)}`)
        return one === undefined ? [] : [[id, one]]
      }),
    )
  return {
    orders: changed('orders'),
    customers: changed('customers'),
    products: changed('products'),
    inventory: changed('inventory'),
  }
}
