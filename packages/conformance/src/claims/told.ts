import { eventKey, eventKind, laneTopic } from '@varai/schemas'
import { expect } from 'vitest'
import { type Made, makeDelivery, send } from '../deliver.ts'
import type { DoorFacts } from '../facts.ts'
import { deliveryIdOf, eventsOf, expectOnce, lettersWith, requestsOf, settle } from '../outcomes.ts'
import { merchantId, type Stage } from '../stage.ts'
import type { Told } from '../watch-kafka.ts'
import type { DoorClaim } from './claim.ts'

export const everyTopic: DoorClaim = {
  name: 'every topic has its outcome: the events that the contract names, a request, or a dead letter',
  async check(stage, door) {
    const begun = Date.now()
    const all = door.topics.map((topic) => makeDelivery(door, topic))
    const statuses = await Promise.all(all.map(async ({ delivery }) => (await send(stage, door, [delivery])).status))
    expect(statuses).toEqual(all.map(() => 200))
    await settle(stage, door, async () => {
      for (const made of all) {
        const { becomes, topic } = made.topic
        expectOnce(stage, door, made)
        expect(await lettersWith(stage, made.delivery.bytes), topic).toHaveLength(becomes === 'dead letter' ? 1 : 0)
        const requests = requestsOf(stage, door, made).map(({ record }) => record)
        expect(requests, topic).toEqual(requestRecords[String(becomes)] ?? [])
        for (const event of eventsOf(stage, door, made)) expectContract(stage, door, made, event, begun)
      }
    })
  },
}

const requestRecords: Readonly<Record<string, readonly string[]>> = {
  'privacy request': ['PrivacyRequested'],
  'fetch request': ['FetchRequested'],
}

const refusedAheadMs = 120_000

/** What the contract says of every event, and the numbers and times of this one. */
function expectContract(stage: Stage, door: DoorFacts, made: Made, event: Told, begun: number): void {
  const { topic, record, key, value } = event
  const { platform, stores } = stage.facts
  const { entity } = made
  const name = String(value['eventName'])
  const kind = eventKind(name)
  if (kind === undefined) throw new Error(`${name} does not stand in the event table`)
  const entityId = made.topic.entityId?.(entity) ?? String(entity.id)
  const named = { merchantId, source: platform, storeId: stores.own, entityType: kind.entityType, entityId }
  expect({ topic, key }, name).toEqual({ topic: laneTopic(kind.lane), key: eventKey(named) })
  // That something is gone is told in one form, whatever it is.
  expect([kind.record, 'EntityDeleted']).toContain(record)
  expect(value).toMatchObject({
    ...named,
    ...{ eventType: kind.eventType, priority: kind.lane, deliveryId: deliveryIdOf(door, made) },
    eventId: expect.stringContaining(`${platform}|${stores.own}|`),
    region: expect.stringMatching(/./),
  })
  expect(['webhook', 'api']).toContain(value['origin'])
  const [platformAt, at, ingestedAt] = [value['platformAt'], value['at'], value['ingestedAt']].map(Number)
  expect(ingestedAt).toBeGreaterThanOrEqual(begun)
  expect(ingestedAt).toBeLessThanOrEqual(Date.now())
  expect(at).toBe(Math.min(platformAt ?? 0, (ingestedAt ?? 0) + refusedAheadMs))
  if (made.topic.timeless !== true) expect(platformAt, `${name}: the store's own time`).toBe(entity.at)
  if (made.topic.amount !== undefined) expect(value[made.topic.amount], `${name}: exact money`).toBe(entity.amount)
}
