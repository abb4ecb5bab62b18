import { isDeleted } from '../fold/existence.ts'
import { emptyList, inOrder } from '../fold/keyed-list.ts'
import { platformAtOf } from '../moment.ts'
import type { Plain, PlainObject } from '../plain.ts'
import type { RecordState } from '../record.ts'
import { durationOf } from './duration.ts'

/** Copies are for whoever goes on with the session: they hold nothing by which a shopper could be reached. */
const leftOut = new Set(['email', 'consentGiven', 'durationSeconds'])

/** What a session says, for whoever reads a copy of it: times in ms. Undefined for one that is gone. */
export function viewOf(session: RecordState): PlainObject | undefined {
  const { platformId: sessionId, merchantId, platform, storeId, registers, existence } = session
  if (isDeleted(existence)) return undefined
  const values = Object.entries(registers.values).filter(([name]) => !leftOut.has(name))
  return {
    ...{ sessionId, merchantId, platform, storeId },
    ...Object.fromEntries(values),
    interactions: elementsOf(session, 'interactions'),
    recommendations: elementsOf(session, 'recommendations'),
    duration: durationOf(registers.values),
    createdAt: existence.first === undefined ? null : platformAtOf(existence.first),
    updatedAt: existence.live === undefined ? null : platformAtOf(existence.live),
  }
}

/** What was recommended in a session; undefined where nothing was, or it is gone. */
export function recommendationsIn(session: RecordState): PlainObject | undefined {
  const recommendations = elementsOf(session, 'recommendations')
  if (isDeleted(session.existence) || recommendations.length === 0) return undefined
  return { sessionId: session.platformId, recommendations }
}

const elementsOf = ({ lists }: RecordState, field: string): Plain[] =>
  inOrder(lists[field] ?? emptyList).map(([, { value }]) => value)
