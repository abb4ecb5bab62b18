import type { Statement, Translation } from '@varai/ingest/pure'
import type { EventName } from '@varai/schemas'
import { deletion, type Resource } from '../pure/translate/deletion.ts'
import { translateDocument } from '../pure/translate/translate.ts'
import type { EntityAnswer } from './rest-api.ts'

/**
 * What a store states by its answer about one entity: its document, as the event `event`, or that it is gone. That is
 * so as of the answer by the store's own clock, which is the only time anybody knows, or as of `goneAt` (epoch ms).
 */
export function statedBy(
  answer: Extract<EntityAnswer, { kind: 'found' | 'gone' }>,
  of: {
    readonly resource: Resource
    readonly id: string
    readonly event: EventName
    readonly currency: string
    readonly goneAt?: number
  },
): Translation<Statement[]> {
  const { resource, id, event, currency } = of
  if (answer.kind === 'found') return translateDocument(resource, event, answer.body, currency)
  const at = of.goneAt ?? answer.storeTime ?? answer.answeredAt
  const reason = of.goneAt === undefined ? 'deleted' : 'swept'
  return { ok: true, value: [deletion({ resource, id, at, reason, confirmed: true })], leftOut: [] }
}
