import { createServer } from 'node:http'
import { createLog, urlOf } from '@varai/runtime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { createHourlyApi } from './hourly-api.ts'
import type { HourlyQuery, HourlyRow } from './rollup-store.ts'

const row: HourlyRow = {
  merchantId: 'acme',
  platform: 'shopify',
  storeId: 'acme.myshopify.com',
  hour: '2026-05-01-12',
  currency: 'EUR',
  orders: 3,
  cancelled: 1,
  grossTotal: '361.5',
  withoutTotal: 0,
  computedAt: new Date('2026-05-01T13:00:00Z'),
}
const asked: HourlyQuery[] = []
const app = createHourlyApi({
  log: createLog({ service: 'test', level: 'silent' }),
  rollups: {
    async readHours(query) {
      if (query.merchantId === 'unlucky') throw new Error('the database at db.internal is away')
      asked.push(query)
      return Array.from({ length: Math.min(query.limit, 2) }, () => row)
    },
  },
})
const server = createServer(app)
let url: string
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `${urlOf(server.address())}/orders/hourly`
})
afterAll(() => void server.close())

test('rows as JSON, amounts as text', async () => {
  const answer = await fetch(`${url}?merchant=acme&from=2026-05-01&to=2026-05-02`)
  expect(answer.status).toBe(200)
  expect(await answer.json()).toEqual({
    merchant: 'acme',
    from: '2026-05-01-00',
    to: '2026-05-02-00',
    hours: Array.from({ length: 2 }, () => ({
      platform: 'shopify',
      store: 'acme.myshopify.com',
      hour: '2026-05-01-12',
      currency: 'EUR',
      orders: 3,
      cancelled: 1,
      grossTotal: '361.5',
      withoutTotal: 0,
      computedAt: '2026-05-01T13:00:00.000Z',
    })),
    next: null,
  })
})

test('a full page names the place to read on from', async () => {
  const page = await fetch(`${url}?merchant=acme&from=2026-05-01&to=2026-05-02&limit=2`)
  const { next } = z.object({ next: z.string() }).parse(await page.json())
  await fetch(`${url}?merchant=acme&from=2026-05-01&to=2026-05-02&limit=2&cursor=${next}`)
  expect(asked.at(-1)?.after).toEqual({
    hour: '2026-05-01-12',
    id: 'orders|acme|shopify|acme.myshopify.com|2026-05-01-12|EUR',
  })
})

test('a bad query asks nobody and says what is wrong', async () => {
  const before = asked.length
  const answer = await fetch(`${url}?merchant[$ne]=x&from=yesterday&to=2026-05-02`)
  expect(answer.status).toBe(400)
  expect(await answer.json()).toEqual({
    error: 'bad request',
    problems: ['merchant', 'from', 'merchant[$ne]'].map((parameter) => ({ parameter, problem: expect.any(String) })),
  })
  expect(asked).toHaveLength(before)
})

test('a database that is away is no answer, and tells nothing of itself', async () => {
  const answer = await fetch(`${url}?merchant=unlucky&from=2026-05-01&to=2026-05-02`)
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
  expect(await answer.json()).toEqual({ error: 'the counts cannot be read now' })
})

test('other paths are not found', async () => {
  const answer = await fetch(`${url}/x`)
  expect([answer.status, await answer.json()]).toEqual([404, { error: 'not found' }])
})
