import { isIdPart, platforms } from '@varai/schemas'
import { z } from 'zod'
import { daysBetween, firstDay, isDay, isTimeZone, lastDay } from './day.ts'

const longestDays = 366

const id = z.string().min(1).max(1_000).refine(isIdPart, 'expected an id')
const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, { abort: true, message: 'expected a day, YYYY-MM-DD' })
  .refine(isDay, { abort: true, message: `no such day from ${firstDay} to ${lastDay}` })

/** The parameters of `GET /reports/orders`, with what they mean. */
export const reportParameters = z.strictObject({
  from: day.meta({ description: 'The first day.', examples: ['2026-03-01'] }),
  to: day.meta({
    description: `The last day, included; at most ${longestDays} days in all.`,
    examples: ['2026-03-31'],
  }),
  timezone: z
    .string()
    .max(100)
    .refine(isTimeZone, 'expected a time zone such as Europe/Vienna')
    .default('UTC')
    .meta({ description: 'Whose days these are, by its name in the IANA database.', examples: ['Europe/Vienna'] }),
  merchant: id.optional().meta({ description: 'Only orders of this merchant.' }),
  platform: z.enum(platforms).optional().meta({ description: 'Only orders of stores on this platform.' }),
  store: id.optional().meta({ description: 'Only orders of this store.' }),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'expected a currency, ISO 4217')
    .optional()
    .meta({ description: 'Only orders in this currency.', examples: ['EUR'] }),
  format: z
    .enum(['json', 'csv'])
    .default('json')
    .meta({ description: 'csv: RFC 4180 with a first line of names, in UTF-8.' }),
})

export type ReportQuery = z.output<typeof reportParameters>
export type QueryProblem = { readonly parameter: string; readonly problem: string }
type Read =
  | { readonly ok: true; readonly query: ReportQuery }
  | { readonly ok: false; readonly problems: QueryProblem[] }

/** Reads a query string that was taken apart; every problem at once. */
export function readReportQuery(given: unknown): Read {
  const read = whole.safeParse(given)
  return read.success ? { ok: true, query: read.data } : { ok: false, problems: read.error.issues.flatMap(problemsOf) }
}

const whole = reportParameters
  .refine(({ from, to }) => from <= to, { path: ['to'], message: 'expected a day not before `from`' })
  .refine(({ from, to }) => daysBetween(from, to) < longestDays, {
    path: ['to'],
    message: `expected at most ${longestDays} days`,
  })

function problemsOf(issue: z.core.$ZodIssue): QueryProblem[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((parameter) => ({ parameter, problem: 'there is no such parameter' }))
  return [{ parameter: issue.path.join('.'), problem: issue.message }]
}
