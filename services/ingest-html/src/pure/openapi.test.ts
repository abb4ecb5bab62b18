import { Validator } from '@seriousme/openapi-schema-validator'
import type { EventRecordName } from '@varai/schemas'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { eventsOf, recordOf, type Speaker } from './api-events.ts'
import { exampleOf } from './examples.ts'
import { describeApi, factsName, shapeName } from './openapi.ts'
import { readBeacon, readServerBatch } from './read-batch.ts'
import { readItem } from './read-item.ts'
import { factsOf } from './shape/contract-type.ts'

const document = describeApi()
const speakers: readonly Speaker[] = ['server', 'browser']
const cases = speakers.flatMap((speaker) => eventsOf[speaker].map((event) => [speaker, event] as const))

/** The document as a reader has it. */
const { schemas } = z
  .object({
    components: z.object({
      schemas: z.record(z.string(), z.looseObject({ properties: z.looseObject({}).optional() })),
    }),
  })
  .parse(document).components
const ajv = new Ajv2020({ strict: false })
addFormats.default(ajv)
ajv.addSchema({ $id: 'doc', ...document })
const accepts = (name: string, value: unknown): boolean =>
  ajv.validate({ $ref: `doc#/components/schemas/${name}` }, value)

test('is OpenAPI 3.1', async () => {
  const validator = new Validator()
  expect(await validator.validate(structuredClone(document))).toEqual({ valid: true })
  expect(validator.version).toBe('3.1')
})

describe('documented and taken are the same', () => {
  test.for(cases)('%s %s: the example', ([speaker, event]) => {
    const example = exampleOf(event)
    expect(readItem(example, speaker)).toMatchObject({ ok: true, value: { event } })
    expect(accepts(shapeName(event, speaker), example)).toBe(true)
  })

  test.for(speakers)('%s: a batch of all examples', (speaker) => {
    const events = eventsOf[speaker].map(exampleOf)
    const batch = { sentAt: '2026-03-14T09:32:01.000Z', events }
    expect(accepts(`${speaker}_batch`, batch)).toBe(true)
    const bytes = Buffer.from(JSON.stringify(batch))
    expect(speaker === 'server' ? readServerBatch(bytes) : readBeacon(bytes)).toMatchObject({ ok: true })
    expect(accepts(`${speaker}_batch`, { ...batch, events: [] })).toBe(false)
    expect(accepts(`${speaker}_batch`, { ...batch, events: [{ ...events[0], event: 'unknown' }] })).toBe(false)
  })

  test.for(cases)('%s %s: what is wrong is wrong for both', ([speaker, event]) => {
    const example = exampleOf(event)
    for (const wrong of [
      { ...example, id: '' },
      { ...example, id: undefined },
      { ...example, occurredAt: 5 },
      { ...example, consentLevel: 'all' },
      { ...example, region: 'somewhere' },
      { ...example, data: 'text' },
      { ...example, event: 'product_burned' },
    ]) {
      const json: unknown = JSON.parse(JSON.stringify(wrong))
      expect(readItem(json, speaker).ok, JSON.stringify(json)).toBe(false)
      expect(accepts(shapeName(event, speaker), json), JSON.stringify(json)).toBe(false)
    }
  })

  test.for(cases)('%s %s: every fact of the contract that may be stated is documented', ([speaker, event]) => {
    const record: EventRecordName = recordOf(event)
    const { properties } = schemas[factsName(record, speaker)] ?? {}
    const elsewhere = ['interactionId', 'interactionType', 'confirmed', 'terminal']
    const refused = speaker === 'browser' ? ['customerId', 'email', 'orderId'] : []
    const facts = factsOf(record).map(({ name }) => name)
    expect(Object.keys(properties ?? {})).toEqual(facts.filter((name) => ![...elsewhere, ...refused].includes(name)))
    expect(JSON.stringify(schemas[shapeName(event, speaker)])).toContain(`"${reference(record, speaker)}"`)
    expect(JSON.stringify(properties)).not.toContain('"description":""')
  })
})

const reference = (record: EventRecordName, speaker: Speaker) => `#/components/schemas/${factsName(record, speaker)}`
