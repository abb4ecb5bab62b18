import { expect, test } from 'vitest'
import { applierOver } from '../test/apply.ts'
import { decoded, minutes, noon, order } from '../test/events.ts'
import { createMemoryStores } from '../test/memory-stores.ts'
import type { AskStores } from './ask-stores.ts'

const atOnce = async () => undefined

/** A process over stores that others share. */
function processOver(
  memory: ReturnType<typeof createMemoryStores>,
  ask: AskStores,
  before: () => Promise<void> = atOnce,
) {
  const stores = memory.storesFor(atOnce)
  const records = {
    ...stores.records,
    saveMany: async (...of: Parameters<typeof stores.records.saveMany>) => {
      await before()
      return stores.records.saveMany(...of)
    },
  }
  return applierOver({ ...stores, records }, atOnce, undefined, ask)
}

const both = ['paid', 'open'].map((status) => decoded(order({ status })))

test('a store that said different things at one time is asked before the record is saved, once', async () => {
  const memory = createMemoryStores()
  const asked: unknown[] = []
  const apply = processOver(memory, async (question) => void asked.push({ ...question, saved: memory.records.size }))
  await apply(both)
  await apply(both)
  expect(asked).toEqual([
    {
      ...{ merchantId: 'optik', platform: 'shopify', storeId: 'north', entityType: 'order', entityId: '1' },
      ...{ reason: 'tie', causeEventId: 'shopify|north|order|1|tie', platformAt: noon, saved: 0 },
    },
  ])
  await apply(
    both.map(({ value, ...rest }) => ({ ...rest, value: { ...value, platformAt: noon + minutes(1) } }) as never),
  )
  expect(asked).toMatchObject([{ platformAt: noon }, { platformAt: noon + minutes(1) }])
})

test('who dies between asking and saving asks again; without Kafka nothing is saved', async () => {
  const memory = createMemoryStores()
  const asked: string[] = []
  const ask: AskStores = async ({ causeEventId }) => void asked.push(causeEventId)
  const killed = () => Promise.reject(new Error('killed'))
  await expect(processOver(memory, ask, killed)(both)).rejects.toThrow('killed')
  await expect(processOver(memory, killed)(both)).rejects.toThrow('killed')
  expect(memory.records.size).toBe(0)
  await processOver(memory, ask)(both)
  expect(asked).toEqual(['shopify|north|order|1|tie', 'shopify|north|order|1|tie'])
})

test('a lost guard asks once; two processes that find it at once may both ask, for the same answer', async () => {
  const memory = createMemoryStores()
  const asked: string[] = []
  const ask: AskStores = async ({ causeEventId, platformAt }) => void asked.push(`${causeEventId} ${platformAt}`)
  let others: (typeof both)[] = [both, [decoded(order({ total: '1' }))]]
  const racing = processOver(memory, ask, async () => {
    const [batch, ...rest] = others
    others = rest
    if (batch !== undefined) await processOver(memory, ask)(batch)
  })
  await racing(both)
  expect(asked).toEqual([asked[0], asked[0]])
  expect([...memory.records.values()]).toMatchObject([{ tie: noon }])
})
