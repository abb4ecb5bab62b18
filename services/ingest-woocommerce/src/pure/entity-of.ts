import { parseLossless, read, readId } from '@varai/ingest/pure'
import { otherId } from './ids.ts'
import { lookupOf, toldSession } from './translate/translate.ts'

/**
 * What a delivery is about, the same for every delivery about it: `order 727`. A variation counts as its product, where
 * the delivery says so. What cannot be read is about its topic.
 */
export function entityOf({ topic, rawBody }: { readonly topic: string; readonly rawBody: Buffer }): string {
  const body = parseLossless(rawBody)
  if (!body.ok) return topic
  const lookup = lookupOf(topic, body.value)
  if (lookup !== undefined) return `${lookup.resource} ${lookup.id}`
  const session = toldSession(topic, body.value)
  if (session !== undefined) return `ai_session ${session}`
  const document = read(body.value)
  const [resource = ''] = topic.split('.')
  const parentId = resource === 'product' ? otherId(document, 'parent_id') : undefined
  const id = parentId ?? document.readable('id', readId)
  return id === undefined ? topic : `${resource} ${id}`
}
