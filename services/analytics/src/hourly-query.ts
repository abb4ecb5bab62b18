import { isIdPart, platforms } from '@varai/schemas'
import { z } from 'zod'
import type { HourlyQuery } from './rollup-store.ts'

export type QueryProblem = { parameter: string; problem: string }
export type ReadQuery = { ok: true; query: HourlyQuery } | { ok: false; problems: QueryProblem[] }

const hourMs = 3_600_000
const longestDays = 366
const mostRows = 10_000

const id = z.string().refine(isIdPart, 'expected an id')
const hour = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}(-\d{2})?$/, 'expected an hour in UTC, YYYY-MM-DD-HH, or a day, YYYY-MM-DD')
  .transform((text) => (text.length === 10 ? `${text}-00` : text))
  .refine((text) => !Number.isNaN(toMs(text)) && fromMs(toMs(text)) === text, {
    abort: true,
    message: 'no such day or hour',
  })

const parameters = z
  .strictObject({
    merchant: id,
    from: hour,
    to: hour,
    platform: z.enum(platforms).optional(),
    store: id.optional(),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'expected a currency, ISO 4217')
      .optional(),
    limit: z
      .string()
      .regex(/^\d{1,6}$/, `expected a number from 1 to ${mostRows}`)
      .transform(Number)
      .pipe(z.number().min(1).max(mostRows))
      .default(1_000),
    cursor: z
      .string()
      .transform((text, context) => {
        const after = fromCursor(text)
        if (after !== undefined) return after
        context.addIssue({ code: 'custom', message: 'expected the `next` of an earlier answer' })
        return z.NEVER
      })
      .optional(),
  })
  .refine(({ from, to }) => from < to, {
    path: ['to'],
    message: 'expected an hour after `from` (`to` is not included)',
  })
  .refine(({ from, to }) => toMs(to) - toMs(from) <= longestDays * 24 * hourMs, {
    path: ['to'],
    message: `expected at most ${longestDays} days after \`from\``,
  })

/** Reads the query string of `GET /orders/hourly`; every problem at once. */
export function readHourlyQuery(given: unknown): ReadQuery {
  const result = parameters.safeParse(given)
  if (!result.success) return { ok: false, problems: result.error.issues.flatMap(problemsOf) }
  const { merchant, from, to, platform, store, currency, limit, cursor } = result.data
  return {
    ok: true,
    query: { merchantId: merchant, from, to, platform, storeId: store, currency, limit, after: cursor },
  }
}

/** Names the place behind a row; opaque to callers. */
export const toCursor = (after: { hour: string; id: string }): string =>
  Buffer.from(JSON.stringify([after.hour, after.id])).toString('base64url')

function fromCursor(text: string): { hour: string; id: string } | undefined {
  try {
    const [hourText, rowId] = z
      .tuple([z.string(), z.string()])
      .parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
    return { hour: hourText, id: rowId }
  } catch {
    return undefined
  }
}

function problemsOf(issue: z.core.$ZodIssue): QueryProblem[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((parameter) => ({ parameter, problem: 'there is no such parameter' }))
  return [{ parameter: issue.path.join('.'), problem: issue.message }]
}

const toMs = (text: string): number => Date.parse(`${text.slice(0, 10)}T${text.slice(11)}:00:00Z`)
const fromMs = (ms: number): string => new Date(ms).toISOString().slice(0, 13).replace('T', '-')
