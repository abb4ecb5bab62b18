import { randomBytes } from 'node:crypto'
import type {} from '@varai/dev-stack/vitest'
import { createCodec, done } from '@varai/kafka'
import { createRowStore, type KeptRow } from '@varai/ml-data'
import { createNames } from '@varai/ml-data/pure'
import { createLog } from '@varai/runtime'
import { pause } from '@varai/runtime/guarded-writes'
import { createReadSetAside } from '@varai/set-aside'
import { createVault, localMasterKey } from '@varai/vault'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { decoded, session } from '../test/events.ts'
import { createCollectFacts } from './collect-facts.ts'
import { createFactStore } from './fact-store.ts'
import { createKeepRows } from './keep-rows.ts'

const stack = inject('stack')
const database = `ml_collector_large_test_${process.pid}`

let client: MongoClient
beforeAll(async () => {
  client = await MongoClient.connect(stack.mongo.url)
})
afterAll(async () => {
  await client?.db(database).dropDatabase()
  await client?.close()
})

const turns = 6_000
const conversation = Array.from({ length: turns }, (_, at) => ({
  ...{ role: at % 2 === 0 ? 'shopper' : 'assistant', text: 'Passt das zu mir? '.repeat(12), at: null },
}))
const said = { consentLevel: 'research', startedAt: 0, completedAt: 60_000 }

test('a conversation that was too large to travel is learnt from like a small one', async () => {
  const db = client.db(database)
  const codec = createCodec({ registryUrl: stack.registry.url, log: createLog({ service: 'test', level: 'silent' }) })
  const vault = createVault({ db, masterKey: localMasterKey(randomBytes(32)) })
  const names = createNames(randomBytes(32))
  const facts = createFactStore(db)
  const rows = createRowStore(db, async () => undefined, 3)
  const keepRows = createKeepRows({ facts, rows, names, now: () => new Date() })
  const collect = createReadSetAside({ vault, codec, handle: createCollectFacts({ facts, names, keepRows, pause }) })

  const whole = session('s1', { ...said, conversation })
  if (whole.record !== 'AiSessionStated') throw new Error('a session was meant')
  const bytes = await codec.encode('AiSessionStated', whole.value)
  expect(bytes.length).toBeGreaterThan(1_048_576)
  const payloadRef = await vault.setAside({ merchantId: 'm1', platform: 'html', storeId: 'atelier' }, bytes)
  const light = session('s1', { ...said, payloadRef, eventId: whole.value.eventId })

  expect(await collect([light, light].map(decoded))).toEqual([done, done])
  const [row] = await db.collection<KeptRow>('ml_rows').find({ dataType: 'ai_session' }).toArray()
  expect(row?.measures).toMatchObject({ turns, shopperWords: (turns / 2) * 48 })
})
