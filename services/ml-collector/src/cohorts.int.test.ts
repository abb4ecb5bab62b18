import { fc } from '@fast-check/vitest'
import type {} from '@varai/dev-stack/vitest'
import { createRowStore, indexRows, type KeptCohort, type KeptRow, type TrainingRow } from '@varai/ml-data'
import { createLog } from '@varai/runtime'
import type { LeaseStore } from '@varai/runtime/leases'
import { consumeAll } from '@varai/testkit'
import { type Db, MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { analysed, consented, decoded, minutes, noon, session } from '../test/events.ts'
import { names, rowsFrom } from '../test/rows.ts'
import { steppedDatabase } from '../test/stepped-database.ts'
import { createCollectFacts } from './collect-facts.ts'
import { createFactStore, indexFacts } from './fact-store.ts'
import { createKeepRows } from './keep-rows.ts'
import { createReleaseRows } from './release-rows.ts'

const stack = inject('stack')
const database = `ml_collector_cohorts_test_${process.pid}`
const log = createLog({ service: database, level: 'silent' })
const k = 2
const going = new AbortController().signal

let client: MongoClient
beforeAll(async () => {
  client = await MongoClient.connect(stack.mongo.url)
  await indexFacts(client.db(database))
  await indexRows(client.db(database))
})
afterAll(async () => {
  await client?.db(database).dropDatabase()
  await client?.close()
})

/** A lease that keeps nobody out: who stalls may go on after it was given to another. */
const leases: LeaseStore = {
  claim: async (id) => ({ kind: 'claimed', lease: { id, token: 1, state: undefined } }),
  hold: async () => true,
  release: async () => true,
}

function processOver(db: Db) {
  const facts = createFactStore(db)
  const rows = createRowStore(db, async () => undefined, k)
  const keepRows = createKeepRows({ facts, rows, names, now: () => new Date() })
  return {
    collect: createCollectFacts({ facts, names, keepRows, pause: async () => undefined }),
    release: createReleaseRows({
      ...{ rows, leases, k, settleMs: 0, everyMs: 0, log, periodKey: async () => Buffer.alloc(32, 1) },
    }),
  }
}

type Event = Parameters<typeof decoded>[0]
type Work = { readonly release: true } | { readonly says: readonly Event[]; readonly leaves?: string }

const lifeOf = (nth: number, consentLevel: string): Event[] => {
  const who = { customerId: `c${nth}`, consentLevel }
  return [
    session(`s${nth}`, { ...who, eventName: 'ai_session_started' }),
    analysed(`s${nth}`, { ...who, platformAt: noon + nth }),
  ]
}
const choiceOf = (nth: number): Event => consented('basic', { customerId: `c${nth}`, platformAt: noon + minutes(9) })
const leaving = (nth: number): Work => ({ says: [choiceOf(nth)], leaves: `s${nth}` })

/** Some people, of whom some leave, and runs that release whoever is there. */
const works = fc
  .record({
    levels: fc.array(fc.constantFrom('enhanced', 'enhanced', 'enhanced', 'basic'), { minLength: 3, maxLength: 6 }),
    leave: fc.uniqueArray(fc.nat(5), { maxLength: 3 }),
    releases: fc.integer({ min: 1, max: 4 }),
  })
  .chain(({ levels, leave, releases }) =>
    fc.shuffledSubarray(
      [
        ...levels.map((level, nth): Work => ({ says: lifeOf(nth, level) })),
        ...leave.filter((nth) => nth < levels.length && levels[nth] !== 'basic').map(leaving),
        ...Array.from({ length: releases }, (): Work => ({ release: true })),
      ],
      { minLength: levels.length },
    ),
  )

test('collectors that release and take back at once, and die between any two reads and writes: no cohort of fewer than k is handed over, nobody who left is, no row is lost', {
  timeout: 300_000,
}, async () => {
  const db = client.db(database)
  const [kept, shown, cohorts] = [
    db.collection<KeptRow>('ml_rows'),
    db.collection<TrainingRow>('ml_training_data'),
    db.collection<KeptCohort>('ml_cohorts'),
  ]
  await fc.assert(
    fc.asyncProperty(works, fc.infiniteStream(fc.nat(1_000_000)), async (all, chances) => {
      for (const of of await db.collections()) await of.deleteMany({})
      const events = all.flatMap((work) => ('says' in work ? work.says : []))
      const wanted = rowsFrom(events)
      const subjects = new Map(
        rowsFrom(events.filter(({ record }) => record !== 'ConsentStated')).map(({ id, subject }) => [id, subject]),
      )
      const left = new Set<string>()

      async function watch(): Promise<void> {
        const handed = await shown.find({ handOver: { $exists: true } }).toArray()
        for (const [cohort, rows] of Map.groupBy(handed, ({ cohort }) => cohort))
          expect(new Set(rows.map(({ _id }) => subjects.get(_id))).size, cohort).toBeGreaterThanOrEqual(k)
        expect(handed.filter(({ _id }) => left.has(_id))).toEqual([])
      }

      await consumeAll(all, {
        choose: (below) => (below > 0 ? chances.next().value % below : 0),
        watch,
        async work(of, _, act) {
          const { collect, release } = processOver(steppedDatabase(db, act))
          if ('release' in of) await release(going)
          else await collect(of.says.map(decoded))
          if ('leaves' in of && of.leaves !== undefined)
            left.add(
              names.row(
                'face_analysis',
                names.session({ merchantId: 'm1', source: 'html', storeId: 'atelier' }, of.leaves),
              ),
            )
        },
      })
      for (let runs = 0; runs < 3; runs += 1) await processOver(db).release(going)

      const [rows, seen] = [await kept.find().toArray(), await shown.find().toArray()]
      expect(rows.map(({ _id, level }) => [_id, level]).sort()).toEqual(
        wanted.map(({ id, level }) => [id, level]).sort(),
      )
      const released = rows.filter(({ state }) => state === 'released')
      expect(seen.map(({ _id, cohort, handOver }) => [_id, cohort, handOver?.state]).sort()).toEqual(
        released.map(({ _id, cohort }) => [_id, cohort, 'due']).sort(),
      )
      for (const some of Map.groupBy(seen, ({ cohort }) => cohort).values())
        expect([some.length >= k, new Set(some.map(({ data }) => JSON.stringify(data))).size]).toEqual([true, 1])
      const waiting = Map.groupBy(
        rows.filter(({ state }) => state === 'waiting'),
        ({ group }) => group,
      )
      expect([...waiting.values()].filter((some) => some.length >= k)).toEqual([])
      expect(await cohorts.countDocuments({ $or: [{ state: 'forming' }, { check: true }] })).toBe(0)
    }),
    { numRuns: Number(process.env['VARAI_PROPERTY_RUNS'] ?? 12), interruptAfterTimeLimit: 240_000 },
  )
})

const meanwhiles = [
  { what: 'somebody leaves', comes: [] },
  { what: 'somebody leaves, another comes, and those who are there now are released', comes: lifeOf(9, 'enhanced') },
]
test.each(meanwhiles)(
  'one that releases stands still before any of its steps while $what, and dies some steps later',
  { timeout: 240_000 },
  async ({ comes }) => {
    const db = client.db(database)
    for (let stands = 1; ; stands += 1) {
      for (const left of [0, 1, 2]) {
        for (const of of await db.collections()) await of.deleteMany({})
        await processOver(db).collect([...lifeOf(0, 'enhanced'), ...lifeOf(1, 'enhanced')].map(decoded))
        let steps = 0
        let stood = false
        const slow = steppedDatabase(db, async (run) => {
          steps += 1
          if (steps === stands) {
            stood = true
            await processOver(db).collect([choiceOf(0), ...comes].map(decoded))
            if (comes.length > 0) await processOver(db).release(going)
          }
          if (steps > stands + left) throw new Error('killed')
          return run()
        })
        await processOver(slow)
          .release(going)
          .catch((error: Error) => expect(error.message).toBe('killed'))
        // It has no more steps than that.
        if (!stood) return
        for (let runs = 0; runs < 3; runs += 1) await processOver(db).release(going)
        const rows = await db.collection<KeptRow>('ml_rows').find().toArray()
        const seen = await db.collection<TrainingRow>('ml_training_data').find().toArray()
        const expected = comes.length > 0 ? rows.map(({ _id, cohort }) => [_id, cohort, 'due']) : []
        expect(
          seen.map(({ _id, cohort, handOver }) => [_id, cohort, handOver?.state]).sort(),
          `${stands}, ${left}`,
        ).toEqual(expected.sort())
        expect(rows.map(({ state }) => state)).toEqual(comes.length > 0 ? ['released', 'released'] : ['waiting'])
      }
    }
  },
)
