import type {} from '@varai/dev-stack/vitest'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { DoorClaim } from '../claims/claim.ts'
import { unreadable, untranslatable } from '../claims/kept.ts'
import { mutated } from '../claims/mutated.ts'
import { discreet } from '../claims/operated.ts'
import { kafkaAway } from '../claims/outages.ts'
import { forged, unsigned } from '../claims/refused.ts'
import { redelivered } from '../claims/repeated.ts'
import { everyTopic } from '../claims/told.ts'
import { openStage, type Stage } from '../stage.ts'
import { brillo, brilloFacts, wholeDoor } from './test-brillo.ts'
import { type Fault, faults, pathOf } from './test-faults.ts'

let stage: Stage
const doorWith = (fault: Fault) => brilloFacts(`webhooks of a service that ${fault}`, pathOf(fault))
beforeAll(async () => {
  stage = await openStage(brillo('test-faulty-main.ts', [wholeDoor]), inject('stack'))
})
afterAll(() => stage?.close())

/** What each fault is found by, in words of what is found. */
const foundBy: Readonly<Record<Exclude<Fault, 'answers-before-kafka' | 'logs-people'>, [DoorClaim, RegExp][]>> = {
  'checks-no-signature': [
    [unsigned, /expected 200 to be 401/],
    [forged, /expected 200 to be 401/],
  ],
  'takes-any-secret-of-ours': [[forged, /"other store".*expected 200 to be 401/]],
  'doubles-events': [[everyTopic, /to deeply equal \[ 'order_created' \]/]],
  'makes-ids-anew': [[redelivered, /to deeply equal \[ 'order_created' \]/]],
  'rounds-numbers': [[everyTopic, /order_created/]],
  'drops-what-it-cannot-read': [
    [unreadable, /to have a length of 1 but got \+?0/],
    [untranslatable, /to have a length of 1 but got \+?0/],
    [mutated, /to deeply equal \[\]/],
  ],
  'keeps-in-the-clear': [[untranslatable, /not a sealed payload|readHeader|sealed/]],
  'fails-at-odd-documents': [[mutated, /status: 503/]],
  'takes-all-for-known': [[everyTopic, /\[\] to deeply equal \[ 'order_created' \]/]],
}

test('a sound door beside the faulty ones keeps each of these promises', async () => {
  const claims = new Set(Object.values(foundBy).flatMap((found) => found.map(([claim]) => claim)))
  for (const claim of claims) await claim.check(stage, wholeDoor)
  await discreet.check(stage)
})

test('a service that logs people is found by what it logged', async () => {
  await everyTopic.check(stage, doorWith('logs-people'))
  await expect(discreet.check(stage)).rejects.toThrow(/brillo\.translated/)
})

test('a service that answers before Kafka has it is found when Kafka is away', async () => {
  const facts = { ...stage.facts, doors: [doorWith('answers-before-kafka')] as const }
  await expect(kafkaAway.check({ ...stage, facts })).rejects.toThrow(/expected 200 to be 503/)
})

// What lies in the clear among the dead letters would be found by all that open them, so it comes last.
const last: Fault = 'keeps-in-the-clear'
for (const fault of [...faults.filter((each) => each !== last), last]) {
  if (fault === 'answers-before-kafka' || fault === 'logs-people') continue
  test(`a service that ${fault} is found`, async () => {
    for (const [claim, found] of foundBy[fault]) {
      await expect(claim.check(stage, doorWith(fault)), claim.name).rejects.toThrow(found)
    }
  })
}
