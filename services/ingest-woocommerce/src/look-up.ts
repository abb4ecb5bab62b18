import type { LookUp } from '@varai/ingest'
import { parseLossless } from '@varai/ingest/pure'
import type { Logger } from '@varai/runtime'
import type { StoreOf } from '@varai/runtime/stores'
import { lookupOf } from './pure/translate/translate.ts'
import { askEntity, type EntityApi } from './rest-api/ask-entity.ts'
import { statedBy } from './rest-api/stated-by.ts'

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
    if (answer.kind === 'unanswered') {
      log.info({ store: store.id, topic, reason: answer.reason }, 'store.unanswered')
      return { kind: 'unanswered', reason: answer.reason, afterMs: answer.afterMs }
    }
    const { answeredAt } = answer
    const translation = statedBy(answer, { ...lookup, currency: facts.store.currency })
    // Two answers that there is none have the same bytes, and may stand for two deletions.
    const version = answer.kind === 'gone' ? `gone-${answer.storeTime ?? answeredAt}` : answer.version
    return { kind: 'answered', translation, answeredAt, version }
  }
}
