import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Validator } from '@seriousme/openapi-schema-validator'
import { createLog } from '@varai/runtime'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterEach, describe, expect, test } from 'vitest'
import { describeReports } from '../pure/report/openapi.ts'
import { reportParameters } from '../pure/report/report-query.ts'
import { createReportApi } from './report-api.ts'
import { bucketOf, orderFact } from './test-report.ts'

const log = createLog({ service: 'test', level: 'silent' })
const document = describeReports()
const ajv = new Ajv2020({ strict: false })
addFormats.default(ajv)
ajv.addSchema({ $id: 'doc', ...document })

let server: Server | undefined
afterEach(() => server?.close())

type Deps = Parameters<typeof createReportApi>[0]
async function asking(path: string, deps: Partial<Deps> = {}) {
  const facts: Deps['facts'] = {
    async *buckets() {
      yield bucketOf(orderFact())
      yield bucketOf(orderFact({ storeId: '=cmd', currency: 'JPY', cancelled: true }))
    },
    undated: async () => 3,
  }
  server = createServer(createReportApi({ facts, isComplete: () => true, log, ...deps }))
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}${path}`)
  return { status: response.status, headers: response.headers, text: await response.text() }
}
const march = '/reports/orders?from=2026-03-01&to=2026-03-31'

describe('the document', () => {
  test('is OpenAPI 3.1', async () => {
    const validator = new Validator()
    expect(await validator.validate(structuredClone(document))).toEqual({ valid: true })
    expect(validator.version).toBe('3.1')
  })

  test('names the parameters that are read, and no others', async () => {
    const { text } = await asking('/openapi.json')
    const { parameters } = JSON.parse(text).paths['/reports/orders'].get
    expect(parameters.map(({ name }: { name: string }) => name)).toEqual(Object.keys(reportParameters.shape))
    const required = parameters.filter((each: { required: boolean }) => each.required)
    expect(required.map(({ name }: { name: string }) => name)).toEqual(['from', 'to'])
  })

  test.each([
    ['report', march, {}],
    ['refusal', '/reports/orders?from=x', {}],
    ['refusal', '/elsewhere', {}],
    ['refusal', march, { isComplete: () => false }],
  ])('%s is what is answered: %s', async (name, path, deps) => {
    const { text } = await asking(path, deps)
    expect(ajv.validate({ $ref: `doc#/components/schemas/${name}` }, JSON.parse(text)), ajv.errorsText()).toBe(true)
  })
})

test('a report as JSON', async () => {
  const { status, headers, text } = await asking(`${march}&timezone=Europe/Vienna`)
  expect([status, headers.get('cache-control')]).toEqual([200, 'no-store'])
  expect(JSON.parse(text)).toMatchObject({
    ...{ from: '2026-03-01', to: '2026-03-31', timezone: 'Europe/Vienna', undated: 3 },
    rows: [
      { day: '2026-03-14', store: '=cmd', currency: 'JPY', cancelled: 1, gross: '10', taxes: null },
      { day: '2026-03-14', store: 'north', currency: 'EUR', cancelled: 0, gross: '10.00' },
    ],
  })
})

test('a report as CSV', async () => {
  const { status, headers, text } = await asking(`${march}&format=csv`)
  expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8; header=present'])
  expect(headers.get('content-disposition')).toBe('attachment; filename="orders-2026-03-01-2026-03-31.csv"')
  expect(text).toContain("\r\n2026-03-14,optik,shopify,'=cmd,JPY,1,1,0,0,10,")
})

test('while not every order has been read, or the database is away: later', async () => {
  const early = await asking(march, { isComplete: () => false })
  expect([early.status, early.headers.get('retry-after')]).toEqual([503, '5'])
  const away = await asking(march, {
    facts: {
      // biome-ignore lint/correctness/useYield: it fails before there is anything
      async *buckets() {
        throw new Error('away')
      },
      undated: async () => 0,
    },
  })
  expect([away.status, away.headers.get('retry-after')]).toEqual([503, '5'])
  expect(away.text).not.toContain('away"')
})
