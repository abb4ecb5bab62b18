import { consentLevels } from '@varai/privacy'
import type { ConsentLevel, EventRecordName } from '@varai/schemas'
import { z } from 'zod'
import { aboutOf, eventsOf, recordOf, type ServerEvent, type Speaker } from '../api-events.ts'
import { factsShape } from './contract-shape.ts'
import { factsOf } from './contract-type.ts'
import { idText, time } from './words.ts'

/** One event as the API takes it, read: times in ms, everything sanitised. */
export type Item = {
  readonly id: string
  readonly event: ServerEvent
  readonly occurredAt: number
  readonly sessionId?: string | null | undefined
  readonly entityId?: string | undefined
  readonly consentLevel?: ConsentLevel | null | undefined
  readonly region?: string | null | undefined
  readonly cleared?: readonly string[] | undefined
  readonly data: Readonly<Record<string, unknown>>
}

/** A browser's word about who somebody is, or what they bought, counts for nothing: everybody can say it. */
const notFromBrowsers = ['customerId', 'email', 'orderId']

const factShapes = new Map<string, ReturnType<typeof factsShape>>()

/** The facts of a record as this speaker may state them; one shape for all events that state them. */
export function factsFor(record: EventRecordName, speaker: Speaker): ReturnType<typeof factsShape> {
  const name = `${speaker} ${record}`
  const shape = factShapes.get(name) ?? factsShape(record, speaker === 'browser' ? notFromBrowsers : [])
  factShapes.set(name, shape)
  return shape
}

/** The item of one event, as this speaker may send it. */
function itemShape(event: ServerEvent, speaker: Speaker): z.ZodType<Item> {
  const about = aboutOf(event)
  const record = recordOf(event)
  const facts = factsFor(record, speaker)
  const names = factsOf(record).map(({ name }) => name)
  const session = idText.describe('The AI session, named by whoever began it. Random: who knows it can add to it.')
  const needed = about === 'session' || (about === 'person' && speaker === 'browser')
  const shape = z.object({
    id: idText.describe('Yours, unique to this event: sent again, it is the same event.'),
    event: z.literal(event),
    occurredAt: time.describe(
      'When it happened: the time of the newest change that it tells. Orders what is said of one thing.',
    ),
    sessionId: needed ? session : session.nullish(),
    ...(about === 'entity' && { entityId: idText.describe("The store's own id of what this is about.") }),
    consentLevel: z
      .enum(consentLevels)
      .nullish()
      .describe('What the person has agreed to; nothing stated counts as basic.'),
    region: z
      .string()
      .regex(/^[A-Z]{2,3}(?:-[A-Z0-9]{1,3})?$/, 'expected a region such as EU or US-CA')
      .nullish()
      .describe('Where the data is to be processed, such as EU.'),
    ...(speaker === 'server' && {
      cleared: z
        .array(z.enum(names))
        .max(names.length)
        .optional()
        .describe(
          'Fields of `data` that are empty now. A field that is neither stated nor named here is not spoken of.',
        ),
    }),
    data: record === 'EntityDeleted' ? facts.prefault({}) : facts,
  })
  const whole =
    about === 'person' ? shape.refine(namesPerson, 'names nobody: sessionId, data.customerId or data.email') : shape
  // Shapes are made of the contract at run time; this is the one place that says what comes out of them.
  return whole as unknown as z.ZodType<Item>
}

const namesPerson = (item: {
  readonly sessionId?: unknown
  readonly data: Readonly<Record<string, unknown>>
}): boolean =>
  [item.sessionId, item.data['customerId'], item.data['email']].some((name) => typeof name === 'string' && name !== '')

export type ItemShapes = ReadonlyMap<string, z.ZodType<Item>>
const shapesOf = (speaker: Speaker): ItemShapes =>
  new Map(eventsOf[speaker].map((event) => [event, itemShape(event, speaker)]))

/** By name of the event. */
export const itemShapes: Readonly<Record<Speaker, ItemShapes>> = {
  server: shapesOf('server'),
  browser: shapesOf('browser'),
}
