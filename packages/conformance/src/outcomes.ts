import { waitUntil } from '@varai/testkit'
import { expect } from 'vitest'
import type { Made } from './deliver.ts'
import { canaries } from './entities.ts'
import type { DoorFacts } from './facts.ts'
import type { Stage } from './stage.ts'
import type { Letter, Told } from './watch-kafka.ts'

/**
 * Checks what Kafka has. Where a platform delivers again an answer of 200 means that it has everything, so one look has
 * to do; where it does not, the answer may mean that a disk has it, and it comes.
 */
export async function settle(
  stage: Stage,
  door: Pick<DoorFacts, 'deliversAgain'>,
  check: () => unknown,
): Promise<void> {
  const look = async () => {
    await stage.watch.caughtUp()
    await check()
    return true
  }
  if (door.deliversAgain) await look()
  else await waitUntil(look, { what: 'what was told, in Kafka', withinMs: 60_000, everyMs: 100 })
}

export const deliveryIdOf = (door: DoorFacts, { delivery }: Pick<Made, 'delivery'>): string =>
  door.deliveryId?.(delivery) ?? delivery.id

export const eventsOf = (stage: Stage, door: DoorFacts, made: Pick<Made, 'delivery'>): Told[] =>
  stage.watch.events.filter(({ value }) => value['deliveryId'] === deliveryIdOf(door, made))

export const requestsOf = (stage: Stage, door: DoorFacts, made: Pick<Made, 'delivery'>): Told[] =>
  stage.watch.requests.filter(({ value }) => mentions(value, deliveryIdOf(door, made)))

/** A request to ask the store names the delivery that caused it. */
const mentions = (value: Told['value'], deliveryId: string): boolean =>
  value['deliveryId'] === deliveryId ||
  Object.values(value).some((part) => typeof part === 'string' && part.split('|').includes(deliveryId))

const namesOf = (events: readonly Told[]): string[] => events.map(({ value }) => String(value['eventName'])).sort()

/** Once in effect: each of its events is there, and copies of one have the id of one. */
export function expectOnceInEffect(stage: Stage, door: DoorFacts, made: Made): void {
  const byId = new Map(eventsOf(stage, door, made).map((event) => [event.value['eventId'], event]))
  expect(namesOf([...byId.values()]), made.delivery.topic).toEqual(eventNames(made))
}

/** Once: each of its events is there, and no copy. */
export function expectOnce(stage: Stage, door: DoorFacts, made: Made): void {
  expect(namesOf(eventsOf(stage, door, made)), made.delivery.topic).toEqual(eventNames(made))
}

/**
 * Once, though it was delivered more often. Where Redis did not answer in time, and the service says so, nobody can know
 * what was delivered before: then once in effect.
 */
export function expectStillOnce(stage: Stage, door: DoorFacts, made: Made): void {
  const saysAway = stage.processes.some(({ lines }) => lines.some((line) => line.includes('"msg":"redis.away')))
  const check = saysAway ? expectOnceInEffect : expectOnce
  check(stage, door, made)
}

const eventNames = ({ topic }: Pick<Made, 'topic'>): string[] =>
  typeof topic.becomes === 'object' ? [...topic.becomes].sort() : []

const opened = new WeakMap<Letter['record'], Promise<string | undefined>>()

/** What lies sealed in a dead letter, as base64; undefined for one that nobody sealed. */
function contentOf(stage: Stage, { record }: Letter): Promise<string | undefined> {
  const known = opened.get(record)
  if (known !== undefined) return known
  const content = stage.vault.openRaw(record.bytes ?? Buffer.alloc(0)).then((bytes) => bytes?.toString('base64'))
  opened.set(record, content)
  return content
}

/** The contents of all dead letters. Rejects when one is not sealed. */
export async function keptContents(stage: Stage): Promise<ReadonlySet<string | undefined>> {
  return new Set(await Promise.all(stage.watch.letters.map((letter) => contentOf(stage, letter))))
}

/** The dead letters that hold exactly these bytes, sealed. */
export async function lettersWith(stage: Stage, bytes: Buffer): Promise<Letter[]> {
  const wanted = bytes.toString('base64')
  const letters = stage.watch.letters
  const contents = await Promise.all(letters.map((letter) => contentOf(stage, letter)))
  return letters.filter((_, index) => contents[index] === wanted)
}

/** Nothing of a request is anywhere: no event, no request, no dead letter. */
export async function expectNothingKept(stage: Stage, door: DoorFacts, made: Pick<Made, 'delivery'>, body: Buffer) {
  await stage.watch.caughtUp()
  expect(eventsOf(stage, door, made)).toEqual([])
  expect(requestsOf(stage, door, made)).toEqual([])
  expect(await lettersWith(stage, made.delivery.bytes)).toEqual([])
  expect(await lettersWith(stage, body)).toEqual([])
}

/** What a text says of the people in the documents. */
export const canariesIn = (text: string): string[] => canaries.filter((canary) => text.toLowerCase().includes(canary))
