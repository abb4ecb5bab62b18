import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cableTo, waitUntil } from '@varai/testkit'
import { expect } from 'vitest'
import { type Made, makeTold, send } from '../deliver.ts'
import type { DoorFacts } from '../facts.ts'
import { canariesIn, expectOnceInEffect, expectStillOnce, settle } from '../outcomes.ts'
import { isReady, type Running, type Stage } from '../stage.ts'
import type { ServiceClaim } from './claim.ts'

const whenReady = (running: Running) => waitUntil(() => isReady(running), { what: 'ready', withinMs: 60_000 })

export const kafkaAway: ServiceClaim = {
  name: 'Kafka away: no 200 unless a disk has it; once Kafka is back it is there once, and never in the clear on the way',
  async check(stage) {
    const [host = '', port] = stage.kafkaBroker.split(':')
    const cable = await cableTo({ host, port: Number(port) })
    cable.be('cut')
    try {
      const running = await stage.start({ KAFKA_BROKERS: `127.0.0.1:${cable.port}` })
      const told = stage.facts.doors.map((door) => ({ door, made: makeTold(door) }))
      for (const { door, made } of told) {
        const { status, headers } = await send(stage, door, [made.delivery], { to: running.origin })
        expect(status, door.name).toBe(door.deliversAgain ? 503 : 200)
        if (door.deliversAgain) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
      }
      // Who turns nothing away goes on getting everything.
      expect(await isReady(running)).toBe(stage.facts.doors.every(({ deliversAgain }) => !deliversAgain))
      expect(await canariesOnDisk(running.folder)).toEqual([])
      cable.be('open')
      await whenReady(running)
      for (const { door, made } of told) {
        if (door.deliversAgain) {
          expect((await send(stage, door, [made.delivery], { to: running.origin })).status).toBe(200)
        }
        await settle(stage, door, () => expectStillOnce(stage, door, made))
      }
      await running.child.stop('SIGKILL')
    } finally {
      await cable.close()
    }
  },
}

async function canariesOnDisk(folder: string): Promise<string[]> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
  const texts = await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'latin1')))
  return texts.flatMap(canariesIn)
}

type Sent = { readonly door: DoorFacts; readonly made: Made }

/** Senders at every door, until somebody does not answer; what was answered with 200, and what was not. */
function load(stage: Stage, running: Running) {
  const [answered, unanswered]: [Sent[], Sent[]] = [[], []]
  const sender = async (door: DoorFacts) => {
    for (;;) {
      const made = makeTold(door)
      const answer = await send(stage, door, [made.delivery], { to: running.origin }).catch(() => undefined)
      const list = answer?.status === 200 ? answered : unanswered
      list.push({ door, made })
      if (answer === undefined) return
    }
  }
  const ended = Promise.all(stage.facts.doors.flatMap((door) => [sender(door), sender(door), sender(door)]))
  return { answered, unanswered, ended }
}

const expectAll = async (stage: Stage, all: readonly Sent[]) => {
  for (const [door, of] of Map.groupBy(all, (sent) => sent.door)) {
    await settle(stage, door, () => {
      for (const { made } of of) expectOnceInEffect(stage, door, made)
    })
  }
}

export const killed: ServiceClaim = {
  name: 'killed at work: what was answered with 200 is there, and what comes again is there once in effect',
  async check(stage) {
    const running = await stage.start()
    await whenReady(running)
    const { answered, unanswered, ended } = load(stage, running)
    await waitUntil(() => answered.length >= 30, { what: 'answers', withinMs: 60_000, everyMs: 2 })
    await running.child.stop('SIGKILL')
    await ended
    await expectAll(
      stage,
      answered.filter(({ door }) => door.deliversAgain),
    )
    // Nobody remembers what was delivered: the events' ids alone have to say that they are the same.
    const again = await stage.start({ REDIS_URL: 'redis://127.0.0.1:9' }, running.folder)
    await whenReady(again)
    const comesAgain = [...unanswered, ...answered.slice(0, 10)]
    for (const { door, made } of comesAgain) {
      expect((await send(stage, door, [made.delivery], { to: again.origin })).status).toBe(200)
    }
    await expectAll(stage, [...answered, ...unanswered])
    await again.child.stop('SIGKILL')
  },
}

export const toldToStop: ServiceClaim = {
  name: 'SIGTERM at work: it ends with 0, and what was answered with 200 is there',
  async check(stage) {
    const running = await stage.start()
    await whenReady(running)
    const { answered, ended } = load(stage, running)
    await waitUntil(() => answered.length >= 30, { what: 'answers', withinMs: 60_000, everyMs: 2 })
    expect(await running.child.stop('SIGTERM')).toBe(0)
    await ended
    const onDisk = answered.some(({ door }) => !door.deliversAgain)
    const next = onDisk ? await stage.start({}, running.folder) : undefined
    await expectAll(stage, answered)
    await next?.child.stop('SIGKILL')
  },
}
