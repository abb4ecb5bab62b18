import { z } from 'zod'
import { attributionShape, type ReportName, reportNames, reportShape, reports } from './query.ts'
import { amountFigures, countFigures } from './report.ts'

type Json = Readonly<Record<string, unknown>>

export const paths = {
  attributions: '/api/v1/attributions',
  status: '/api/v1/status',
  description: '/openapi.json',
} as const
export const reportPath = (report: ReportName): string => `/api/v1/${report}`

/** The document of the API, OpenAPI 3.1, made of the very shapes that read what is asked. */
export function describeApi(): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Varai Sync: figures of sessions, orders and what led to them',
      version: '1.0.0',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description:
        'Counted by entity and state: what is told twice, late or in another order comes to the same figures. For callers inside the cluster: it asks nobody who they are.',
    },
    paths: {
      ...Object.fromEntries(reportNames.map((report) => [reportPath(report), { get: reportOperation(report) }])),
      [paths.attributions]: { get: attributionOperation },
      [paths.status]: { get: statusOperation },
    },
    components: { schemas: { ...reportSchemas(), ...otherSchemas } },
  }
}

const reference = (name: string): Json => ({ $ref: `#/components/schemas/${name}` })
const json = (name: string): Json => ({ 'application/json': { schema: reference(name) } })
const unavailable: Json = {
  description: 'The figures cannot be read now: ask again.',
  headers: { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer', minimum: 1 } } },
  content: json('error'),
}
const refusal: Json = { description: 'Names every bad parameter.', content: json('refusal') }

/** Parameters of the query, one for each field of a shape. */
function parametersOf(shape: z.ZodType): Json[] {
  const { properties = {}, required = [] } = z.toJSONSchema(shape, { io: 'input' }) as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    ...{ name, in: 'query', required: required.includes(name), description, schema },
  }))
}

const titles: Readonly<Record<ReportName, string>> = {
  sessions: 'AI sessions by the hour in which they were first spoken of',
  funnel: 'How far sessions came: analysis, recommendation, click, try-on, order; by the hour in which they began',
  orders: 'Orders and what they are worth, by the hour in which they were made and by currency',
  attributed: 'Orders that the assistant led to, and what they are worth, by the hour in which they were made',
}

const reportOperation = (report: ReportName): Json => ({
  operationId: `read_${report}`,
  summary: titles[report],
  parameters: parametersOf(reportShape(report)),
  responses: {
    200: {
      description: 'Rows that have any figure, by their time.',
      headers: {
        'X-Varai-Next': {
          description: 'With CSV: what `next` is with JSON. Absent at the end.',
          schema: { type: 'string' },
        },
      },
      content: { ...json(report), 'text/csv': { schema: { type: 'string' } } },
    },
    400: refusal,
    503: unavailable,
  },
})

const attributionOperation: Json = {
  operationId: 'explain_order',
  summary: 'What led to an order, and why it is thought so',
  parameters: parametersOf(attributionShape),
  responses: {
    200: { description: 'Every order that may be meant, at most 20.', content: json('attributions') },
    400: refusal,
    404: { description: 'No such order.', content: json('error') },
    503: unavailable,
  },
}

const statusOperation: Json = {
  operationId: 'read_status',
  summary: 'How far the counts are',
  responses: { 200: { description: 'As of now.', content: json('status') }, 503: unavailable },
}

const text: Json = { type: 'string' }
const nullable = (of: string): Json => ({ type: [of, 'null'] })
const count: Json = { type: 'integer', minimum: 0 }
const amount: Json = {
  type: 'string',
  pattern: '^-?\\d+(\\.\\d{1,6})?$',
  description: 'Exact, in the currency of the row.',
}
const object = (properties: Readonly<Record<string, Json>>, required = Object.keys(properties)): Json => ({
  ...{ type: 'object', properties, required, additionalProperties: false },
})

function rowOf(report: ReportName): Json {
  const { by, dimensions } = reports[report]
  const figures = {
    ...Object.fromEntries(countFigures(report).map((name) => [name, count])),
    ...Object.fromEntries(amountFigures(report).map((name) => [name, amount])),
    ...(report === 'sessions' && {
      avgDuration: {
        ...nullable('number'),
        description: 'Seconds: durationMs / durations / 1000; null while none is known.',
      },
    }),
    ...(amountFigures(report).length > 0 && {
      currency: { ...nullable('string'), description: 'ISO 4217; null while none is known.' },
    }),
  }
  const of = {
    period: { ...text, description: 'Hour YYYY-MM-DD-HH or day YYYY-MM-DD of the zone, or `total`.' },
    start: { ...text, format: 'date-time', description: 'When it begins.' },
  }
  const optional = {
    ...Object.fromEntries(by.map((name) => [name, text])),
    ...(dimensions.length > 1 && { value: { ...text, description: 'What the dimension singles out.' } }),
  }
  return object({ ...of, ...optional, ...figures }, Object.keys({ ...of, ...figures }))
}

const reportSchemas = (): Json =>
  Object.fromEntries(
    reportNames.map((report) => [
      report,
      object({
        ...{ merchant: text, report: { const: report }, zone: text },
        ...{ grain: { enum: ['hour', 'day', 'total'] }, dimension: { enum: reports[report].dimensions } },
        rows: { type: 'array', items: rowOf(report) },
        next: { ...nullable('string'), description: 'What to give as `from` to read on; null at the end.' },
      }),
    ]),
  )

const otherSchemas: Json = {
  attributions: object({
    orders: {
      type: 'array',
      items: object({
        order: { ...text, description: 'merchant|platform|store|id' },
        counts: { type: 'boolean', description: 'False for orders that are deleted, tests, or of no known time.' },
        waits: { type: 'boolean', description: 'Something became known that is not counted yet.' },
        attribution: { oneOf: [reference('attribution'), { type: 'null' }] },
        because: { type: 'array', items: text, description: 'The same in sentences.' },
      }),
    },
  }),
  attribution: object({
    basis: { enum: ['session-id', 'recommendation-id', 'told-by-session', 'touch', 'session'] },
    session: { ...nullable('string'), description: 'The record of the session; null while it is not known.' },
    sessionId: nullable('string'),
    recommendations: {
      type: 'array',
      items: object({
        ...{ id: text, algorithm: nullable('string') },
        because: { enum: ['carried', 'touched', 'shown'] },
      }),
    },
    products: { type: 'array', items: text, description: 'Records of what was bought.' },
    at: { ...nullable('integer'), description: 'When what it rests on happened, ms since 1970.' },
  }),
  status: object({
    waiting: { ...count, description: 'Facts that are not counted yet, at most 100,000 of each kind.' },
    lastAggregation: {
      oneOf: [
        object({
          ...{ from: text, to: text, reason: text, doneAt: { ...text, format: 'date-time' } },
          ...{ rows: count, repaired: { ...count, description: 'Rows that showed anything else than their facts.' } },
        }),
        { type: 'null' },
      ],
    },
  }),
  refusal: object({
    error: text,
    problems: { type: 'array', items: object({ parameter: text, problem: text }) },
  }),
  error: object({ error: text }),
}
