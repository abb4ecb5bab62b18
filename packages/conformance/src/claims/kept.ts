import { expect } from 'vitest'
import { deliveryOf, makeDelivery, send, toldTopic } from '../deliver.ts'
import { newEntity } from '../entities.ts'
import type { Delivery, DoorFacts } from '../facts.ts'
import { canariesIn, eventsOf, lettersWith, settle } from '../outcomes.ts'
import type { Stage } from '../stage.ts'
import type { Letter } from '../watch-kafka.ts'
import type { DoorClaim } from './claim.ts'

/** Sends what can never become events: exactly one dead letter, sealed, however often it comes. */
async function expectKept(
  stage: Stage,
  door: DoorFacts,
  delivery: Delivery,
  { status = 200, content = delivery.bytes }: { status?: number | undefined; content?: Buffer } = {},
): Promise<Letter> {
  // Other doors of the service may have kept the same bytes.
  await stage.watch.caughtUp()
  const before = (await lettersWith(stage, content)).length
  const found: Letter[] = []
  const times = status === 200 ? 2 : 1
  for (let time = 0; time < times; time += 1) {
    expect((await send(stage, door, [delivery])).status).toBe(status)
    await settle(stage, door, async () => {
      const letters = (await lettersWith(stage, content)).slice(before)
      expect(letters).toHaveLength(1)
      expect(eventsOf(stage, door, { delivery })).toEqual([])
      found.push(...letters)
    })
  }
  const [letter] = found
  if (letter === undefined) throw new Error('there is no letter')
  expect(letter).toMatchObject({ service: stage.facts.service, reason: expect.stringMatching(/./) })
  expect(canariesIn(letter.record.bytes?.toString('latin1') ?? '')).toEqual([])
  return letter
}

export const unreadable: DoorClaim = {
  name: 'signed, but no document: answered, and kept whole and sealed, once',
  async check(stage, door) {
    const { email } = newEntity()
    const bodies = [`{"email":"${email}",`, Buffer.from([0x7b, 0xff, 0x7d]), '['.repeat(5_000), '']
    for (const body of bodies) {
      const topic = toldTopic(door).topic
      const delivery = { topic, id: newEntity().deliveryId, bytes: Buffer.from(body) }
      const { body: content } = door.sign({
        ...{ deliveries: [delivery], signer: 'current', storeId: stage.facts.stores.own },
      })
      await expectKept(stage, door, delivery, { status: door.unreadable, content })
    }
  },
}

export const untranslatable: DoorClaim = {
  name: 'signed, but it cannot be translated: answered, and kept with everything that is wrong with it',
  async check(stage, door) {
    const entity = newEntity()
    const delivery = deliveryOf(door, door.topics[0], entity, { document: door.faulty.document(entity) })
    const { reason } = await expectKept(stage, door, delivery)
    for (const expected of door.faulty.reasons) expect(reason).toContain(expected)
    expect(canariesIn(reason)).toEqual([])
  },
}

export const unknownTopic: DoorClaim = {
  name: 'signed, but of a topic that nobody knows: answered, and kept',
  async check(stage, door) {
    const entity = newEntity()
    const unknown = { topic: 'conformance.unknown', document: toldTopic(door).document }
    await expectKept(stage, door, deliveryOf(door, unknown, entity))
  },
}

export const aheadOfTime: DoorClaim = {
  name: 'more than 25 hours ahead of time: kept, because it would win for ever',
  concerns: (door) => toldTopic(door).timeless !== true,
  async check(stage, door) {
    const entity = { ...newEntity(), at: Math.floor(Date.now() / 1_000 + 26 * 3_600) * 1_000 }
    await expectKept(stage, door, deliveryOf(door, toldTopic(door), entity))
  },
}

export const oneBadOfSeveral: DoorClaim = {
  name: 'several at once: a bad one is kept and one for somebody else left out, the others are told',
  concerns: ({ severalAtOnce }) => severalAtOnce !== undefined,
  async check(stage, door) {
    const topic = toldTopic(door)
    const [first, last] = [makeDelivery(door, topic), makeDelivery(door, topic)]
    const foreign = makeDelivery(door, topic, 'other store')
    const entity = newEntity()
    const bad = deliveryOf(door, door.topics[0], entity, { document: door.faulty.document(entity) })
    const between = door.severalAtOnce === 'each addressed' ? [foreign.delivery] : []
    const batch = [first.delivery, bad, ...between, last.delivery] as const
    for (let times = 0; times < 2; times += 1) {
      expect((await send(stage, door, batch)).status).toBe(200)
      await settle(stage, door, async () => {
        for (const made of [first, last]) expect(eventsOf(stage, door, made)).toHaveLength(topic.becomes.length)
        expect(await lettersWith(stage, bad.bytes)).toHaveLength(1)
        expect(eventsOf(stage, door, foreign)).toEqual([])
      })
    }
  },
}
