import { expect, test } from 'vitest'
import {
  type ConsentedEvent,
  type ConsentLevel,
  consentedEvents,
  consentLevelOf,
  consentTable,
} from './consent-table.ts'

/** Written out once more, by hand: event, then for basic, enhanced, research what the page of the domain says. */
const row = (sessionDays: number | undefined, profile: boolean, ml: string | undefined) => ({
  sessionDays,
  profile,
  ml,
})
const table: Record<ConsentedEvent, readonly [ReturnType<typeof row>, ReturnType<typeof row>, ReturnType<typeof row>]> =
  {
    ai_session_started: [row(30, false, undefined), row(undefined, false, undefined), row(undefined, false, undefined)],
    ai_session_completed: [
      row(30, false, 'ai_session none none outcome none'),
      row(undefined, true, 'ai_session rotating bands event none'),
      row(undefined, true, 'ai_session rotating half-millimetre event features'),
    ],
    face_analysis_completed: [
      row(30, false, 'face_analysis none none outcome none'),
      row(undefined, true, 'face_analysis rotating bands event none'),
      row(undefined, true, 'face_analysis rotating half-millimetre event none'),
    ],
    recommendation_generated: outcome('recommendation_outcome'),
    recommendation_clicked: outcome('recommendation_outcome'),
    virtual_try_on_started: outcome('recommendation_outcome'),
    product_viewed: [row(30, false, undefined), row(undefined, false, undefined), row(undefined, false, undefined)],
    product_clicked: outcome('recommendation_outcome'),
    order_created: outcome('order'),
    payment_completed: outcome('order'),
  }

function outcome(dataType: string) {
  return [
    row(30, false, `${dataType} none none outcome none`),
    row(undefined, false, `${dataType} rotating bands event none`),
    row(undefined, false, `${dataType} rotating half-millimetre event none`),
  ] as const
}

const levels: readonly ConsentLevel[] = ['basic', 'enhanced', 'research']

test.for(consentedEvents.flatMap((event) => levels.map((level, index) => [event, level, index] as const)))(
  '%s with consent %s',
  ([event, level, index]) => {
    const { sessionDays, profile, conversation, ml } = consentTable[event][level]
    const told = ml && `${ml.dataType} ${ml.pseudonym} ${ml.measurements} ${ml.facts} ${ml.conversation}`
    expect({ sessionDays, profile, ml: told }).toEqual(table[event][index])
    expect(conversation).toBe('masked')
  },
)

test('what is no level is the least', () => {
  expect(['basic', 'enhanced', 'research', 'Research', '', null, undefined, 3].map(consentLevelOf)).toEqual([
    ...['basic', 'enhanced', 'research', 'basic', 'basic', 'basic', 'basic', 'basic'],
  ])
})
