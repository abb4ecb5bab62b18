import type { StoreRef } from '@varai/runtime/stores'
import type { Collection, Db } from 'mongodb'

/** A request about personal data, without any personal data: kept to show what was asked, when, and by when it is due. */
export type PrivacyRequest = {
  /** Stable across redelivery. */
  readonly requestId: string
  /** data_request, customer_redact or shop_redact. */
  readonly kind: string
  /** record: only the records that it names; person: all of that person's. */
  readonly scope: string
  readonly store: StoreRef
  /** Keyed hash; names nobody to those without the key. */
  readonly subjectRef: string
  /** Epoch ms, as are all times here. */
  readonly requestedAt: number
  readonly receivedAt: number
  readonly legalDueAt: number
}

/** What a service did for a request; without any personal data, as well. */
export type Confirmation = {
  readonly service: string
  /** done, nothing-held or retained. */
  readonly outcome: string
  /** Why something was retained. */
  readonly reason: string | null
  /** What was touched, by kind. */
  readonly counts: Readonly<Record<string, number>>
  readonly at: number
}

/** Beside each request stands `handedOverAt` once every service could read it. */
type RequestDocument = StoreRef &
  Pick<PrivacyRequest, 'kind' | 'scope' | 'subjectRef'> & {
    readonly _id: string
    readonly requestedAt: Date
    readonly receivedAt: Date
    readonly legalDueAt: Date
    readonly handedOverAt?: Date
    readonly confirmations?: readonly (Omit<Confirmation, 'at'> & { readonly at: Date })[]
  }

export type PrivacyLedger = {
  /** Resolves when the request is durable; the first record of a request stands, later ones change nothing. */
  record(request: PrivacyRequest): Promise<void>
  /** The request was handed to the services; the first time stands. */
  handedOver(requestId: string, at: number): Promise<void>
  /** A service confirmed it; its first word stands: who does it again finds nothing left. Nothing for unknown requests. */
  confirmed(requestId: string, confirmation: Confirmation): Promise<void>
}

/** The collection `privacy_requests`. Nothing in it ends: it is the proof that requests were met. */
export function createPrivacyLedger(db: Db): PrivacyLedger {
  const requests = collection(db)
  return {
    async record({ requestId, store, requestedAt, receivedAt, legalDueAt, kind, scope, subjectRef }) {
      const { merchantId, platform, storeId } = store
      const times = {
        requestedAt: new Date(requestedAt),
        receivedAt: new Date(receivedAt),
        legalDueAt: new Date(legalDueAt),
      }
      await requests.updateOne(
        { _id: requestId },
        { $setOnInsert: { ...{ kind, scope, merchantId, platform, storeId, subjectRef }, ...times } },
        { upsert: true },
      )
    },
    async handedOver(requestId, at) {
      await requests.updateOne(
        { _id: requestId, handedOverAt: { $exists: false } },
        { $set: { handedOverAt: new Date(at) } },
      )
    },
    async confirmed(requestId, { at, ...confirmation }) {
      await requests.updateOne(
        { _id: requestId, 'confirmations.service': { $ne: confirmation.service } },
        { $push: { confirmations: { ...confirmation, at: new Date(at) } } },
      )
    },
  }
}

export async function indexRequests(db: Db): Promise<string> {
  return `privacy_requests.${await collection(db).createIndex({ merchantId: 1, legalDueAt: 1 }, { name: 'due' })}`
}

const collection = (db: Db): Collection<RequestDocument> =>
  db.collection<RequestDocument>('privacy_requests', { writeConcern: { w: 'majority', journal: true } })
