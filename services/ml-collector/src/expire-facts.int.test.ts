import { randomBytes } from 'node:crypto'
import type {} from '@varai/dev-stack/vitest'
import { createRowStore } from '@varai/ml-data'
import { createNames } from '@varai/ml-data/pure'
import { createLog } from '@varai/runtime'
import { pause } from '@varai/runtime/guarded-writes'
import { createLeaseStore } from '@varai/runtime/leases'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest'
import { analysed, consented, decoded, minutes, noon, order, recommended, session } from '../test/events.ts'
import { createCollectFacts } from './collect-facts.ts'
import { createExpireFacts } from './expire-facts.ts'
import { createFactStore, type FactStore, indexFacts } from './fact-store.ts'
import { createKeepRows } from './keep-rows.ts'

const stack = inject('stack')
const database = `ml_collector_expire_test_${process.pid}`
const names = createNames(randomBytes(32))
const hours = (count: number) => minutes(60 * count)
const days = (count: number) => hours(24 * count)
const going = new AbortController().signal

let client: MongoClient
let time: number
beforeAll(async () => {
  client = await MongoClient.connect(stack.mongo.url)
})
beforeEach(async () => {
  await client.db(database).dropDatabase()
  await indexFacts(client.db(database))
  time = noon + days(31)
})
afterAll(async () => {
  await client?.db(database).dropDatabase()
  await client?.close()
})

/** One process; `facts` may be such that it dies. */
function processOf(over: (facts: FactStore) => Partial<FactStore> = () => ({})) {
  const db = client.db(database)
  const store = createFactStore(db)
  const facts = { ...store, ...over(store) }
  const rows = createRowStore(db, async () => undefined, 3)
  const keepRows = createKeepRows({ facts, rows, names, now: () => new Date(noon) })
  const collect = createCollectFacts({ facts, names, keepRows, pause })
  const leases = createLeaseStore(db, 'jobs', () => time)
  const log = createLog({ service: database, level: 'silent' })
  return {
    say: (events: Parameters<typeof decoded>[0][]) => collect(events.map(decoded)),
    expire: createExpireFacts({ facts, keepRows, leases, log, now: () => time, pageSize: 2 }),
    rows: () => db.collection('ml_rows').find().sort({ _id: 1 }).toArray(),
  }
}

/** Whether the shop's sessions hold measurements, and their recommendations products, by the name of the session. */
async function whole(ids: readonly string[]): Promise<Record<string, string>> {
  const store = { merchantId: 'm1', source: 'html', storeId: 'atelier' }
  const read = createFactStore(client.db(database))
  const states = await Promise.all(
    ids.map(async (id) => {
      const [fact] = await read.load([names.session(store, id)])
      const [inside] = await read.load([names.recommendation(store, id, 'rec-1')])
      const text = JSON.stringify([fact?.values, inside?.values])
      const isWhole = text.includes('faceWidth') && text.includes('face-fit')
      return [id, isWhole ? 'whole' : /faceWidth|face-fit|completed/.test(text) ? 'partly' : 'expired']
    }),
  )
  return Object.fromEntries(states)
}

const life = (id: string, consentLevel: string, customerId: string, from = noon) => {
  const who = { consentLevel, customerId }
  return [
    session(id, { ...who, startedAt: from, completedAt: from + minutes(3), platformAt: from }),
    analysed(id, { ...who, platformAt: from + 1 }),
    recommended(id, { ...who, platformAt: from + 2 }),
    order(`o-${id}`, { aiSessionId: id, customerId, recommendationIds: ['rec-1'], platformAt: from + 3 }),
  ]
}
const told = () => [
  ...['a', 'b', 'c'].flatMap((id) => life(id, 'basic', `c-${id}`)),
  ...life('young', 'basic', 'c-a', noon + days(2)),
  ...life('enhanced', 'enhanced', 'c-e'),
  ...life('left', 'research', 'c-l'),
  consented('basic', { customerId: 'c-l', platformAt: noon + hours(1) }),
]
const ids = ['a', 'b', 'c', 'young', 'enhanced', 'left']
const after = { a: 'expired', b: 'expired', c: 'expired', young: 'whole', enhanced: 'whole', left: 'expired' }

test('after 30 days sessions at basic and of those who withdrew hold no more than rows may; rows stay', async () => {
  const { say, expire, rows } = processOf()
  await say(told())
  const before = await rows()
  expect(await whole(ids)).toEqual({ ...after, a: 'whole', b: 'whole', c: 'whole', left: 'whole' })
  expect(await expire(going)).toBe('done')
  expect(await whole(ids)).toEqual(after)
  expect(await rows()).toEqual(before)
  expect(before.length).toBe(5 * 4)
})

test('every six hours, by one process; a missed run comes at once', async () => {
  const [one, other] = [processOf(), processOf()]
  await one.say(told())
  expect((await Promise.all([one.expire(going), other.expire(going)])).sort()).toEqual(['done', 'not now'])
  time += hours(6) - 1
  expect(await one.expire(going)).toBe('not now')
  time += days(2)
  expect(await other.expire(going)).toBe('done')
  expect(await whole(['young'])).toEqual({ young: 'expired' })
  expect(await client.db(database).collection<{ _id: string }>('jobs').findOne({ _id: 'ml-expire' })).toMatchObject({
    state: { lastSuccessAt: new Date(time), expired: 1 },
  })
})

test('one that dies between any two of its writes: the next one ends it', async () => {
  for (let steps = 0; ; steps += 1) {
    await client.db(database).dropDatabase()
    let writes = 0
    const dying = processOf(({ save }) => ({
      save: async (some) => {
        if (some.length > 0 && writes === steps) throw new Error('killed')
        writes += 1
        return save(some)
      },
    }))
    await processOf().say(told())
    const died = await dying.expire(going).then(
      () => false,
      (error: Error) => error.message === 'killed',
    )
    time += minutes(1)
    await processOf().expire(going)
    expect(await whole(ids)).toEqual(after)
    if (!died) break
  }
})

test('what is told again is taken out again', async () => {
  const { say, expire } = processOf()
  await say(told())
  await expire(going)
  await say(told())
  expect((await whole(['a']))['a']).not.toBe('expired')
  time += hours(6)
  await expire(going)
  expect(await whole(ids)).toEqual(after)
})

test('whoever is spoken of meanwhile is left to the next run', async () => {
  const { say } = processOf()
  await say(life('a', 'basic', 'c-a'))
  const slow = processOf(({ save, load }) => ({
    save: async (some) => {
      const [first] = some
      if (first !== undefined && first.kind === 'session')
        await createFactStore(client.db(database)).save(await load([first.id]))
      return save(some)
    },
  }))
  expect(await slow.expire(going)).toBe('done')
  expect(await whole(['a'])).not.toEqual({ a: 'expired' })
  time += hours(6)
  await processOf().expire(going)
  expect(await whole(['a'])).toEqual({ a: 'expired' })
})
