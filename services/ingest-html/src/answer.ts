import type { Published } from './publish-items.ts'

export type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>>
}

/** Seconds; whoever knows better says so. */
const soon = 5

export const answer = (status: number, body: Answer['body'], headers: Answer['headers'] = {}): Answer => ({
  ...{ status, headers, body },
})

export const refuse = (status: number, error: string, reasons?: readonly string[]): Answer =>
  answer(status, { ok: false, error, ...(reasons && { reasons }) }, status === 405 ? { allow: 'POST' } : {})

export const comeAgain = (status: 429 | 503, error: string, afterSeconds = soon): Answer =>
  answer(status, { ok: false, error }, { 'retry-after': String(afterSeconds) })

export const overloaded: Answer = comeAgain(429, 'overloaded')
export const unavailable: Answer = comeAgain(503, 'cannot be taken now')
export const tooLarge: Answer = refuse(413, 'too large')

/** What a server is told: one result an event, in the order of the batch. */
export const answerServer = (published: Published): Answer =>
  published.kind === 'done' ? answer(200, { ok: true, results: published.results }) : away(published.kind)

/** What a browser is told: the ids of what is dropped, so that it does not send it again. */
export function answerBrowser(published: Published): Answer {
  if (published.kind !== 'done') return away(published.kind)
  const dropped = published.results.flatMap((result) =>
    result.status === 'rejected' ? [{ id: result.id, reasons: result.reasons }] : [],
  )
  const accepted = published.results.length - dropped.length
  return accepted > 0
    ? answer(200, { ok: true, accepted, dropped })
    : answer(400, { ok: false, error: 'no event that can be taken', dropped })
}

const away = (kind: 'overloaded' | 'unavailable'): Answer => (kind === 'overloaded' ? overloaded : unavailable)
