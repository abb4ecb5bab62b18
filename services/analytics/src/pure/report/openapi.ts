import { z } from 'zod'
import { type AmountName, amountNames } from './amount.ts'
import { reportParameters } from './report-query.ts'

export const paths = { report: '/reports/orders', description: '/openapi.json' } as const

type Json = Readonly<Record<string, unknown>>

/** The document of the API of reports, OpenAPI 3.1, made of the very parameters that are read. */
export function describeReports(): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Varai Sync: reports',
      version: '1.0.0',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description: 'For callers inside the cluster: it asks nobody who they are. No personal data.',
    },
    paths: { [paths.report]: { get: operation() } },
    components: { schemas: { report, row, refusal } },
  }
}

function operation(): Json {
  return {
    operationId: 'reportOrders',
    summary: 'Orders by store and day',
    description:
      'Of each store, day and currency the orders that were placed then, as they are now. Deleted orders and tests are not counted; days without orders have no row; currencies are never mixed.',
    security: [{}],
    parameters: parameters(),
    responses: {
      200: {
        description: 'The report.',
        content: {
          'application/json': { schema: reference('report') },
          'text/csv': {
            schema: {
              type: 'string',
              description: 'A line for each row; texts that begin like a formula begin with an apostrophe.',
            },
          },
        },
      },
      400: refused('Every parameter that is not as it should be.'),
      404: refused('No such path.'),
      503: {
        ...refused('Not every order has been read yet, or the database is away: ask again.'),
        headers: { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer', minimum: 1 } } },
      },
    },
  }
}

function parameters(): Json[] {
  const { properties = {}, required = [] } = z.toJSONSchema(reportParameters, { io: 'input' })
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...schema } = typeof property === 'boolean' ? {} : property
    return { name, in: 'query', required: required.includes(name), description, schema }
  })
}

const reference = (name: string): Json => ({ $ref: `#/components/schemas/${name}` })
const refused = (description: string): Json => ({
  description,
  content: { 'application/json': { schema: reference('refusal') } },
})

const count = (description: string): Json => ({ type: 'integer', minimum: 0, description })
const text = (description: string): Json => ({ type: 'string', description })
const day = (description: string): Json => ({ type: 'string', format: 'date', description })
const whole = (properties: Readonly<Record<string, Json>>): Json => ({
  ...{ type: 'object', additionalProperties: false, required: Object.keys(properties), properties },
})

const amounts: Readonly<Record<AmountName, string>> = {
  gross: 'The totals of these orders as ordered, cancelled ones included.',
  refunds: 'What was given back of them until now, as far as stores list it.',
  net: 'What is left of them after edits and refunds; nothing of cancelled ones.',
  taxes: 'Their tax as ordered.',
  discounts: 'Their discounts as ordered.',
  shipping: 'Their shipping as ordered.',
}

const row = whole({
  day: day('In the time zone that was asked for.'),
  ...{ merchant: text('Owner.'), platform: text('Of the store.'), store: text('Its id.') },
  currency: { type: ['string', 'null'], description: 'ISO 4217; null where the orders name none.' },
  orders: count('Placed on that day, cancelled ones included.'),
  cancelled: count('Of these, cancelled since.'),
  refunded: count('Of these, given back in whole or in part.'),
  withoutTotal: count('Of these, those of which no total is known.'),
  ...Object.fromEntries(
    amountNames.map((name) => [
      name,
      {
        ...{ type: ['string', 'null'], pattern: '^-?\\d+(\\.\\d{1,6})?$' },
        description: `${amounts[name]} Exact, in the currency; null where no order states it.`,
      },
    ]),
  ),
})

const report = whole({
  ...{ from: day('As asked.'), to: day('As asked.'), timezone: text('As asked.') },
  undated: count('Orders that are on no day: nobody said yet when they were placed.'),
  rows: { type: 'array', items: reference('row'), description: 'By day, merchant, platform, store and currency.' },
})

const refusal: Json = {
  type: 'object',
  required: ['error'],
  properties: {
    error: { type: 'string' },
    problems: {
      type: 'array',
      items: {
        type: 'object',
        required: ['parameter', 'problem'],
        properties: { parameter: { type: 'string' }, problem: { type: 'string' } },
      },
    },
  },
}
