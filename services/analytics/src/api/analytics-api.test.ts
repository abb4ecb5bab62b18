import { createServer } from 'node:http'
import { Validator } from '@seriousme/openapi-schema-validator'
import { createLog, urlOf } from '@varai/runtime'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { explainAttribution } from '../pure/attribution/explain.ts'
import { type Figures, parseRowId, type RowKey } from '../pure/count/row.ts'
import { describeApi } from '../pure/read/openapi.ts'
import { type ReportName, type ReportQuery, reportNames, reports } from '../pure/read/query.ts'
import { createAnalyticsApi } from './analytics-api.ts'
import type { ReadStore } from './read-store.ts'

const figures: Readonly<Record<ReportName, Figures>> = {
  sessions: { totalSessions: 3, completedSessions: 2, conversions: 1, durations: 2, durationMs: 90_500 },
  funnel: { sessions: 3, analysed: 2, recommended: 2, clicked: 1, triedOn: 0, ordered: 1 },
  orders: { orders: 2, cancelled: 0, grossTotal: '361.5', netTotal: '-3.000001', withoutTotal: 0 },
  attributed: { orders: 1, cancelled: 0, grossTotal: '189', netTotal: '189', units: 1 },
}
const asked: ReportQuery[] = []
const read: ReadStore = {
  async *rowsOf(query: ReportQuery): AsyncGenerator<{ key: RowKey; figures: Figures }> {
    if (query.merchantId === 'unlucky') throw new Error('the database at db.internal is away')
    asked.push(query)
    const { type } = reports[query.report]
    const value = query.dimension === 'all' ? '' : '=cmd, "x"'
    for (const [store, hour] of [
      ['a-shop', '2026-05-01-12'],
      ['b-shop', '2026-05-01-12'],
      ['a-shop', '2026-05-01-22'],
      ['a-shop', '2026-05-02-00'],
    ] as const)
      yield {
        key: {
          ...parseRowId(`${type}|acme|html|${type === 'ai_sessions' ? '' : store}|${hour}|${query.dimension}||EUR`),
          value,
        },
        figures: figures[query.report],
      }
  },
  async attributionsOf({ order }) {
    if (order === 'none') return []
    const sold = { id: 'rec-1', algorithm: 'fit 1', because: 'touched' as const }
    const attribution = {
      ...{ basis: 'touch' as const, session: 'acme|html|a-shop|s-1', sessionId: 's-1', at: Date.UTC(2026, 4, 1, 12) },
      ...{ recommendations: [sold], products: ['acme|html|a-shop|p-1'] },
    }
    return [
      {
        order: `acme|html|a-shop|${order}`,
        counts: true,
        waits: false,
        attribution,
        because: explainAttribution(attribution),
      },
      {
        order: `acme|html|b-shop|${order}`,
        counts: false,
        waits: true,
        attribution: null,
        because: explainAttribution(null),
      },
    ]
  },
  async status() {
    const done = { from: '2026-05-01-11', to: '2026-05-01-12', reason: 'schedule', rows: 12, repaired: 0 }
    return { waiting: 3, lastAggregation: { ...done, doneAt: new Date('2026-05-01T12:00:05Z') } }
  },
}
const server = createServer(createAnalyticsApi({ read, log: createLog({ service: 'test', level: 'silent' }) }))
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => new Promise((resolve) => server.close(resolve)))
const get = (path: string, query: Record<string, string> = {}) =>
  fetch(`${urlOf(server.address())}${path}?${new URLSearchParams(query)}`)

const days = { merchant: 'acme', from: '2026-05-01', to: '2026-05-03' }
const documented = describeApi()
const ajv = new Ajv2020({ strict: false })
addFormats.default(ajv)
ajv.addSchema({ $id: 'doc', ...documented })
function expectShape(name: string, body: unknown): void {
  const fits = ajv.validate({ $ref: `doc#/components/schemas/${name}` }, body)
  expect(fits, JSON.stringify(ajv.errors)).toBe(true)
}
const parameters = z.array(z.object({ name: z.string(), required: z.boolean() }))
const operations = z
  .object({ paths: z.record(z.string(), z.object({ get: z.object({ parameters: parameters.optional() }) })) })
  .parse(documented).paths

describe('documented and answered are the same', () => {
  test('the document is OpenAPI 3.1, and is served', async () => {
    const validator = new Validator()
    expect(await validator.validate(structuredClone(documented))).toEqual({ valid: true })
    expect(validator.version).toBe('3.1')
    expect(await (await get('/openapi.json')).json()).toEqual(JSON.parse(JSON.stringify(documented)))
  })

  const cases = reportNames.flatMap((report) =>
    reports[report].dimensions.map((dimension) => [report, dimension] as const),
  )
  test.for(cases)('%s by %s', async ([report, dimension]) => {
    for (const grain of ['hour', 'day', 'total']) {
      const answer = await get(`/api/v1/${report}`, { ...days, dimension, grain })
      expect(answer.status).toBe(200)
      expectShape(report, await answer.json())
    }
  })

  test.for(Object.keys(operations))('%s takes every parameter that is documented, and no other', async (path) => {
    const { parameters: all = [] } = operations[path]?.get ?? {}
    const values: Record<string, string> = {
      ...{ ...days, zone: 'UTC', grain: 'day', dimension: 'all', by: 'platform', platform: 'html', store: 'a-shop' },
      ...{ currency: 'EUR', format: 'json', limit: '5', order: '1001' },
    }
    const given = Object.fromEntries(all.map(({ name }) => [name, values[name] ?? 'not known to this test']))
    expect((await get(path, given)).status).toBe(200)
    if (all.length === 0) return
    const refused = await get(path, { ...given, hours: '3' })
    expect(refused.status).toBe(400)
    const body = await refused.json()
    expectShape('refusal', body)
    expect(body).toMatchObject({ problems: [{ parameter: 'hours', problem: 'there is no such parameter' }] })
    for (const { name } of all.filter(({ required }) => required)) {
      const { [name]: _, ...others } = given
      expect((await get(path, others)).status, `without ${name}`).toBe(400)
    }
  })

  test('what led to an order, in sentences too', async () => {
    const answer = await get('/api/v1/attributions', { merchant: 'acme', order: '1001' })
    const body = await answer.json()
    expectShape('attributions', body)
    expect(body).toMatchObject({
      orders: [
        {
          because: [
            'Led to by acme|html|a-shop|s-1: it is the last session in which the customer touched a frame, soon enough before the order, at 2026-05-01T12:00:00.000Z.',
            'Recommendation rec-1 (fit 1) sold it: it showed a frame that was bought, and the shopper touched what it showed.',
          ],
        },
        { because: [expect.stringMatching(/^Nothing is known/)] },
      ],
    })
    const none = await get('/api/v1/attributions', { merchant: 'acme', order: 'none' })
    expect(none.status).toBe(404)
    expectShape('error', await none.json())
  })

  test('how far the counts are', async () => {
    expectShape('status', await (await get('/api/v1/status')).json())
  })
})

test('rows are summed over stores and hours that are not told apart, amounts exactly', async () => {
  const answer = await get('/api/v1/orders', { ...days, grain: 'day', by: '' })
  expect(await answer.json()).toEqual({
    ...{ merchant: 'acme', report: 'orders', grain: 'day', dimension: 'all', zone: 'UTC', next: null },
    rows: [
      {
        ...{ period: '2026-05-01', start: '2026-05-01T00:00:00.000Z', currency: 'EUR', orders: 6, cancelled: 0 },
        ...{ withoutTotal: 0, grossTotal: '1084.5', netTotal: '-9.000003' },
      },
      expect.objectContaining({ period: '2026-05-02', orders: 2, grossTotal: '361.5' }),
    ],
  })
})

test('a day of a zone has its own hours', async () => {
  const answer = await get('/api/v1/sessions', { ...days, grain: 'day', zone: 'Europe/Vienna' })
  const { rows } = z.object({ rows: z.array(z.looseObject({})) }).parse(await answer.json())
  expect(rows).toMatchObject([
    { period: '2026-05-01', start: '2026-04-30T22:00:00.000Z', totalSessions: 6, avgDuration: 45.25 },
    { period: '2026-05-02', start: '2026-05-01T22:00:00.000Z', totalSessions: 6 },
  ])
  expect(asked.at(-1)).toMatchObject({ from: Date.UTC(2026, 3, 30, 22), to: Date.UTC(2026, 4, 2, 22) })
})

test('the limit ends the answer at the end of a period, and says from where to read on', async () => {
  const answer = await get('/api/v1/funnel', { ...days, limit: '1' })
  const { rows, next } = z.object({ rows: z.array(z.unknown()), next: z.string() }).parse(await answer.json())
  expect({ rows: rows.length, next }).toEqual({ rows: 2, next: '2026-05-01-22' })
})

test('CSV: a line of names, quoted text, and no formula', async () => {
  const answer = await get('/api/v1/attributed', {
    ...days,
    dimension: 'algorithm',
    format: 'csv',
    limit: '1',
    by: 'store',
  })
  expect(answer.headers.get('content-type')).toMatch(/^text\/csv/)
  expect(answer.headers.get('x-varai-next')).toBe('2026-05-01-22')
  expect(await answer.text()).toBe(
    [
      'period,start,store,value,currency,orders,cancelled,withoutTotal,units,grossTotal,netTotal',
      `2026-05-01-12,2026-05-01T12:00:00.000Z,a-shop,"'=cmd, ""x""",EUR,1,0,0,1,189,189`,
      `2026-05-01-12,2026-05-01T12:00:00.000Z,b-shop,"'=cmd, ""x""",EUR,1,0,0,1,189,189`,
      '',
    ].join('\r\n'),
  )
})

test('while the database is away: 503, and nothing about where it is', async () => {
  const answer = await get('/api/v1/orders', { ...days, merchant: 'unlucky' })
  expect(answer.status).toBe(503)
  expect(answer.headers.get('retry-after')).toBe('5')
  const body = await answer.json()
  expectShape('error', body)
  expect(JSON.stringify(body)).not.toContain('internal')
})

test('nothing else is there', async () => {
  expect((await get('/api/v1/users')).status).toBe(404)
})
