import { isIdPart, platforms } from '@varai/schemas'
import { z } from 'zod'
import { attributes } from '../facts/product-fact.ts'
import { type Zone, zoneOf } from './zone.ts'

export type QueryProblem = { parameter: string; problem: string }
type Read<T> = { ok: true; query: T } | { ok: false; problems: QueryProblem[] }

/** What can be asked for, and by what its rows can be told apart. */
export const reports = {
  sessions: { type: 'ai_sessions', dimensions: ['all'], by: ['platform'] },
  funnel: { type: 'funnel', dimensions: ['all', 'algorithm', ...attributes], by: ['platform', 'store'] },
  orders: { type: 'orders', dimensions: ['all'], by: ['platform', 'store'] },
  attributed: {
    ...{ type: 'attributed', by: ['platform', 'store'] },
    dimensions: ['all', 'basis', 'algorithm', ...attributes],
  },
} as const
export type ReportName = keyof typeof reports
export const reportNames = Object.keys(reports) as ReportName[]

/** A report that is asked for. `from` is included, `to` is not; both in ms. */
export type ReportQuery = {
  report: ReportName
  merchantId: string
  from: number
  to: number
  zone: Zone
  grain: 'hour' | 'day' | 'total'
  dimension: string
  by: readonly ('platform' | 'store')[]
  platform: string | undefined
  storeId: string | undefined
  currency: string | undefined
  format: 'json' | 'csv'
  /** Rows after which the answer ends, at the end of a period. */
  limit: number
}

const hourMs = 3_600_000
const longestDays = 366
const mostRows = 10_000

const id = z.string().refine(isIdPart, 'expected an id')
const hour = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}(-\d{2})?$/, 'expected a day, YYYY-MM-DD, or an hour, YYYY-MM-DD-HH, of the zone')
  .transform((text) => (text.length === 10 ? `${text}-00` : text))
  .refine(isHour, { abort: true, message: 'no such day or hour' })
const limit = z
  .string()
  .regex(/^\d{1,6}$/, `expected a number from 1 to ${mostRows}`)
  .transform(Number)
  .pipe(z.number().min(1).max(mostRows))
const zone = z.string().transform((name, context): Zone => {
  const found = zoneOf(name)
  if (found !== undefined) return found
  context.addIssue({ code: 'custom', message: 'expected a time zone such as Europe/Vienna' })
  return z.NEVER
})

/** The parameters of a report, as its query string brings them. */
export const reportShape = (report: ReportName) =>
  z.strictObject({
    merchant: id.describe('Whose figures.'),
    from: hour.describe('The first day (YYYY-MM-DD) or hour (YYYY-MM-DD-HH) in the zone.'),
    to: hour.describe(`The day or hour behind the last one; at most ${longestDays} days after \`from\`.`),
    zone: zone.prefault('UTC').describe('A time zone whose hours begin with those of UTC, by its IANA name.'),
    grain: z
      .enum(['hour', 'day', 'total'])
      .default('hour')
      .describe('How long a row is: an hour, a day of the zone, all of it.'),
    dimension: z.enum(reports[report].dimensions).default('all').describe('What `value` tells apart.'),
    by: z
      .string()
      .default(reports[report].by.join(','))
      .transform((text): string[] => (text === '' ? [] : [...new Set(text.split(','))]))
      .pipe(z.array(z.enum(reports[report].by as readonly ('platform' | 'store')[])))
      .describe(
        `What rows are told apart by, separated by commas: ${reports[report].by.join(', ')}; empty for neither.`,
      ),
    platform: z.enum(platforms).optional().describe('Only this platform.'),
    ...(report !== 'sessions' && { store: id.optional().describe('Only this store.') }),
    ...((report === 'orders' || report === 'attributed') && {
      currency: z
        .string()
        .regex(/^[A-Z]{3}$/, 'expected a currency, ISO 4217')
        .optional()
        .describe('Only amounts in this currency, ISO 4217.'),
    }),
    format: z.enum(['json', 'csv']).default('json').describe('How the answer is written.'),
    limit: limit.default(1_000).describe('Rows after which the answer ends, at the end of an hour or a day.'),
  })

/** Reads the query string of a report; every problem at once. */
export function readReportQuery(report: ReportName, given: unknown): Read<ReportQuery> {
  const result = reportShape(report).safeParse(given)
  if (!result.success) return { ok: false, problems: result.error.issues.flatMap(problemsOf) }
  const { merchant: merchantId, grain, dimension, by, platform, format, limit, zone } = result.data
  const [from, to] = [zone.instantOf(result.data.from), zone.instantOf(result.data.to)]
  const problem = rangeProblem(from, to, zone)
  if (problem !== undefined) return { ok: false, problems: [problem] }
  const { store: storeId, currency } = result.data as { store?: string; currency?: string }
  return {
    ok: true,
    query: { report, merchantId, from, to, zone, grain, dimension, by, platform, storeId, currency, format, limit },
  }
}

function rangeProblem(from: number, to: number, zone: Zone): QueryProblem | undefined {
  if (from >= to) return { parameter: 'to', problem: 'expected a day or hour after `from` (`to` is not included)' }
  if (to - from > (longestDays * 24 + 1) * hourMs)
    return { parameter: 'to', problem: `expected at most ${longestDays} days after \`from\`` }
  for (let ms = Math.floor(from / hourMs) * hourMs; ms <= to; ms += 24 * hourMs)
    if (zone.hourAt(ms) === undefined)
      return {
        parameter: 'zone',
        problem: 'its hours begin at other minutes than those of UTC, by which figures are kept',
      }
  return undefined
}

export const attributionShape = z.strictObject({
  merchant: id.describe('Whose order.'),
  order: z.string().min(1).max(2_048).describe("The order's id on its platform, or its whole id."),
  platform: z.enum(platforms).optional().describe('Only of this platform.'),
  store: id.optional().describe('Only of this store.'),
})

export type AttributionQuery = {
  merchantId: string
  order: string
  platform: string | undefined
  storeId: string | undefined
}

/** Reads the query string of the attribution of an order; every problem at once. */
export function readAttributionQuery(given: unknown): Read<AttributionQuery> {
  const result = attributionShape.safeParse(given)
  if (!result.success) return { ok: false, problems: result.error.issues.flatMap(problemsOf) }
  const { merchant: merchantId, order, platform, store: storeId } = result.data
  return { ok: true, query: { merchantId, order, platform, storeId } }
}

function problemsOf(issue: z.core.$ZodIssue): QueryProblem[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((parameter) => ({ parameter, problem: 'there is no such parameter' }))
  return [{ parameter: String(issue.path[0] ?? ''), problem: issue.message }]
}

function isHour(text: string): boolean {
  const ms = Date.parse(`${text.slice(0, 10)}T${text.slice(11)}:00:00Z`)
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 13).replace('T', '-') === text
}
