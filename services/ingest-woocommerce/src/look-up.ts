import type { LookUp } from '@varai/ingest'
import { parseLossless } from '@varai/ingest/pure'
import type { Logger } from '@varai/runtime'
import type { StoreOf } from '@varai/runtime/stores'
import { deletion } from './pure/translate/deletion.ts'
import { lookupOf, translateDocument } from './pure/translate/translate.ts'
import { askEntity, type EntityApi } from './rest-api/ask-entity.ts'

type Store = StoreOf<'woocommerce'>

/**
 * Asks the store about what a delivery only names. What it finds is what the store states; what it does not find is
 * deleted, as of the answer by the store's own clock: that is the only time anybody knows.
 */
export function createLookUp(ports: {
  readonly api: EntityApi
  readonly stores: { find(storeId: string): Store | undefined }
  readonly log: Logger
}): LookUp {
  const { api, stores, log } = ports

  return async ({ topic, rawBody, facts }) => {
    const body = parseLossless(rawBody)
    const lookup = body.ok ? lookupOf(topic, body.value) : undefined
    const store = stores.find(facts.store.id)
    if (lookup === undefined || store?.credentials === undefined) return { kind: 'cannot ask' }
    const answer = await askEntity(api, lookup.resource)(store, lookup.id)
    const { answeredAt, version } = answer
    const { resource, id, event } = lookup
    switch (answer.kind) {
      case 'found': {
        const translation = translateDocument(resource, event, answer.body, facts.store.currency)
        return { kind: 'answered', translation, answeredAt, version }
      }
      case 'gone': {
        const at = answer.storeTime ?? answeredAt
        const value = [deletion({ resource, id, at, reason: 'deleted', confirmed: true })]
        return { kind: 'answered', translation: { ok: true, value, leftOut: [] }, answeredAt, version: `gone-${at}` }
      }
      case 'unanswered':
        log.info({ store: store.id, topic, reason: answer.reason }, 'store.unanswered')
        return { kind: 'unanswered', reason: answer.reason, afterMs: answer.afterMs }
      default:
        return answer satisfies never
    }
  }
}
