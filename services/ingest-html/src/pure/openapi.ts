import type { EventRecordName } from '@varai/schemas'
import { z } from 'zod'
import { eventsOf, recordOf, type ServerEvent, type Speaker } from './api-events.ts'
import { exampleOf } from './examples.ts'
import { browserEnvelope, limitsOf, serverEnvelope } from './read-batch.ts'
import { factsFor, itemShapes } from './shape/item-shape.ts'
import { signatureHeaders } from './verify.ts'

export const paths = { server: '/api/v1/events', browser: '/collect', description: '/openapi.json' } as const

type Json = Readonly<Record<string, unknown>>

/** Names of the document's shapes. */
export const shapeName = (event: ServerEvent, speaker: Speaker): string =>
  (speaker === 'browser' ? 'browser_' : '') + event

export const factsName = (record: EventRecordName, speaker: Speaker): string =>
  (speaker === 'browser' ? 'browser_' : '') + record

/**
 * The document of both endpoints, OpenAPI 3.1, made of the very shapes that read what is sent. What a shape would drop
 * is not forbidden: fields that it does not name may be sent and are not kept.
 */
export function describeApi(): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Varai Sync: events of custom stores and of the assistant',
      version: '1.0.0',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description:
        'Servers of a store send batches that they sign; pages send batches with a publishable key. Every event has an id of your own: sent again, it is the same event. Fields that are not named here are dropped, raw face data wherever it stands.',
    },
    paths: {
      [paths.server]: { post: serverOperation },
      [paths.browser]: { post: browserOperation },
    },
    components: {
      schemas: { ...shapesFor('server'), ...shapesFor('browser'), ...answers },
      securitySchemes: {
        signature: {
          type: 'apiKey',
          in: 'header',
          name: 'X-Varai-Signature',
          description:
            '`v1=<hex>`: HMAC-SHA256, with the secret of the store, of `v1:<X-Varai-Key>:<X-Varai-Timestamp>:` and the exact bytes of the body. Several, separated by commas, while a secret is changed.',
        },
        publishableKey: { type: 'apiKey', in: 'query', name: 'key', description: 'Or as `key` in the body.' },
      },
    },
  }
}

/** JSON Schemas of all events of a speaker and of the batch that carries them. */
function shapesFor(speaker: Speaker): Json {
  const registry = z.registry<{ id: string }>()
  for (const event of eventsOf[speaker]) {
    const shape = itemShapes[speaker].get(event)
    if (shape !== undefined) registry.add(shape, { id: shapeName(event, speaker) })
  }
  for (const record of new Set(eventsOf[speaker].map(recordOf))) {
    registry.add(factsFor(record, speaker), { id: factsName(record, speaker) })
  }
  const envelope = speaker === 'server' ? serverEnvelope : browserEnvelope
  const batch = `${speaker}_batch`
  registry.add(envelope, { id: batch })
  const { schemas } = z.toJSONSchema(registry, { io: 'input', uri: reference })
  const named = Object.entries(schemas).map(([name, schema]) => {
    const { $schema: _, $id: __, ...plain } = schema
    const example = eventsOf[speaker].find((event) => shapeName(event, speaker) === name)
    return [name, example === undefined ? plain : { ...plain, examples: [exampleOf(example)] }] as const
  })
  const all: Record<string, Json> = Object.fromEntries(named)
  return { ...all, [batch]: { ...all[batch], properties: { ...propertiesOf(all[batch]), events: eventList(speaker) } } }
}

const propertiesOf = (schema: Json | undefined): Json => {
  const properties = schema?.['properties']
  return typeof properties === 'object' && properties !== null ? { ...properties } : {}
}

const reference = (name: string): string => `#/components/schemas/${name}`

/** Each event is read by itself, so that a bad one is told by itself; the list has no one shape in the code. */
const eventList = (speaker: Speaker): Json => ({
  type: 'array',
  minItems: 1,
  maxItems: limitsOf[speaker].maxEvents,
  items: {
    oneOf: eventsOf[speaker].map((event) => ({ $ref: reference(shapeName(event, speaker)) })),
    discriminator: {
      propertyName: 'event',
      mapping: Object.fromEntries(eventsOf[speaker].map((event) => [event, reference(shapeName(event, speaker))])),
    },
  },
})

const reasons: Json = { type: 'array', items: { type: 'string' }, description: 'What is wrong, without the values.' }
const flag = (value: boolean): Json => ({ type: 'boolean', const: value })
const id: Json = { type: 'string', description: 'The id that the event gave itself.' }

const answers: Json = {
  server_answer: {
    type: 'object',
    required: ['ok', 'results'],
    properties: {
      ok: flag(true),
      results: {
        type: 'array',
        description: 'One for each event, in the order of the batch.',
        items: {
          type: 'object',
          required: ['status'],
          properties: { id, status: { type: 'string', enum: ['accepted', 'rejected'] }, reasons },
        },
      },
    },
  },
  browser_answer: {
    type: 'object',
    required: ['ok', 'accepted', 'dropped'],
    properties: {
      ok: flag(true),
      accepted: { type: 'integer', minimum: 1 },
      dropped: { type: 'array', items: { type: 'object', required: ['reasons'], properties: { id, reasons } } },
    },
  },
  refusal: {
    type: 'object',
    required: ['ok', 'error'],
    properties: { ok: flag(false), error: { type: 'string' }, reasons },
  },
}

const json = (name: string, examples?: Json): Json => ({
  'application/json': { schema: { $ref: reference(name) }, ...(examples && { examples }) },
})
const refusal = (description: string): Json => ({ description, content: json('refusal') })
const later = (description: string): Json => ({
  ...refusal(description),
  headers: { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer', minimum: 1 } } },
})

const examplesOf = (speaker: Speaker, envelope: Json): Json =>
  Object.fromEntries(eventsOf[speaker].map((event) => [event, { value: { ...envelope, events: [exampleOf(event)] } }]))
const headerOf = (name: string, description: string, required: boolean): Json => ({
  ...{ name, description, required, in: 'header', schema: { type: 'string' } },
})

const serverOperation: Json = {
  operationId: 'sendEvents',
  summary: 'Events that a server of the store states',
  description: `At most ${limitsOf.server.maxEvents} events and ${limitsOf.server.maxBytes} bytes. Answered with 200 when everything that can be taken is stored for good; what cannot is told by event, and is not to be sent again as it is.`,
  security: [{ signature: [] }],
  parameters: [
    headerOf(signatureHeaders.key, 'The id of the store.', true),
    headerOf(signatureHeaders.timestamp, 'Seconds since 1970, at most 5 minutes off.', true),
    headerOf('idempotency-key', 'Yours: the same request under the same key gets the same answer for two days.', false),
  ],
  requestBody: { required: true, content: json('server_batch', examplesOf('server', {})) },
  responses: {
    200: { description: 'Stored for good, but for what is rejected.', content: json('server_answer') },
    400: refusal('No batch, or a header is missing.'),
    401: refusal('Not signed, or signed with another secret or at another time.'),
    404: refusal('No such store.'),
    405: refusal('Not a POST.'),
    413: refusal('Too large.'),
    422: refusal('The Idempotency-Key was used for another request.'),
    429: later('Too much at once: send it again.'),
    503: later('Cannot be stored now: send it again.'),
  },
}

const browserOperation: Json = {
  operationId: 'collect',
  summary: 'Events that a page of the store states',
  description: `At most ${limitsOf.browser.maxEvents} events and ${limitsOf.browser.maxBytes} bytes, as JSON under any content type; text/plain needs no preflight. Only from origins that the store allows.`,
  security: [{ publishableKey: [] }, {}],
  requestBody: {
    required: true,
    content: {
      ...json('browser_batch', examplesOf('browser', { key: 'pk_demo', sentAt: '2026-03-14T09:32:01.000Z' })),
      'text/plain': { schema: { type: 'string', description: 'The same JSON.' } },
    },
  },
  responses: {
    200: { description: 'Stored for good, but for what is dropped.', content: json('browser_answer') },
    400: refusal('Nothing in it can be taken. Not to be sent again.'),
    403: refusal('Unknown key, or a page that may not use it.'),
    405: refusal('Not a POST.'),
    413: refusal('Too large.'),
    429: later('Too much from this address, with this key, or at once.'),
    503: later('Cannot be stored now: send it again.'),
  },
}
