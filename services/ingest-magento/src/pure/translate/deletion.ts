import { type Reader, read, type Statement, type Translation } from '@varai/ingest/pure'
import { ownId } from '../ids.ts'

/** What Magento deletes. */
export type Deletable = 'order' | 'customer' | 'product'

const eventNames = { order: 'order_deleted', customer: 'customer_deleted', product: 'product_deleted' } as const

/** A document of what is gone. Only its id counts: its times are those of its life. */
export const translateDeletion = (kind: Deletable, body: unknown): Translation<Statement[]> =>
  tellDeletion(kind, read(body))

/** As `translateDeletion`, for a part of a document. Told after the fact, and Magento gives no id twice. */
export function tellDeletion(kind: Deletable, gone: Reader): Translation<Statement[]> {
  const id = ownId(gone)
  return gone.result([
    {
      record: 'EntityDeleted',
      eventName: eventNames[kind],
      entityId: id,
      platformAt: undefined,
      userId: kind === 'customer' ? id : undefined,
      facts: { reason: 'deleted', terminal: true, confirmed: true },
    },
  ])
}
