import { type Attempt, isSettled, waitAfter } from '../pure/retry.ts'
import { bodyOf, takeBatch } from '../pure/take-batch.ts'
import { getObject, remove, set } from './keep.ts'
import { oneTab } from './one-tab.ts'
import { drop, list, orphanedMs, type Queued, waits } from './queue.ts'

/** Events of one moment travel together. */
const gatherMs = 400
const answerWithinMs = 20_000
/** All tabs wait together. */
export const pause = 'varai.wait'
/** Until when (ms), after how many attempts that failed, and whether the last had no answer. */
type Pause = { until: number; tries: number; unanswered: boolean }

/**
 * Sends what is queued to `url`, from one tab at a time; each event until it is settled. Call what it returns when
 * something new is queued.
 */
export function startSending(url: string): () => void {
  const underWay = new Set<string>()
  let gathering = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const after = (ms: number) => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      gathering = false
      if (waits()) oneTab('send', sendAll)
    }, ms)
  }
  const soon = () => {
    // A page that never stops talking is sent from all the same.
    if (!gathering) after(gatherMs)
    gathering = true
  }

  const batchOf = (own?: boolean) => takeBatch(list(own).filter(({ name }) => !underWay.has(name)))
  /** ms that the collector, or a broken line, makes us wait. More than any pause was written by another clock. */
  const waiting = (): number => {
    const left = Number(getObject<Pause>(pause).until) - Date.now()
    return left > 0 && left < 6_000_000 ? left : 0
  }

  async function post(batch: readonly Queued[]): Promise<Attempt> {
    for (const { name } of batch) underWay.add(name)
    try {
      // Text needs no preflight; keepalive lets the request outlive the page. A beacon would do so too, but hides its
      // origin under some referrer policies, brings cookies, and its answer is never seen.
      const { status, headers } = await fetch(url, {
        method: 'POST',
        body: bodyOf(batch, Date.now()),
        keepalive: true,
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
        // Browsers before 2022 wait as long as they like.
        signal: AbortSignal.timeout?.(answerWithinMs) ?? null,
      })
      return { status, retryAfter: headers.get('retry-after') }
    } catch {
      return {}
    } finally {
      for (const { name } of batch) underWay.delete(name)
    }
  }

  async function sendAll(): Promise<void> {
    for (;;) {
      const left = waiting()
      const batch = batchOf()
      if (left > 0 || batch.length === 0) return after(left || orphanedMs)
      const attempt = await post(batch)
      if (isSettled(attempt)) {
        drop(batch)
        remove(pause)
      } else {
        const tries = (getObject<Pause>(pause).tries ?? 0) + 1
        const until = Date.now() + waitAfter(tries, attempt, Math.random())
        set(pause, JSON.stringify({ until, tries, unanswered: attempt.status === undefined }))
      }
    }
  }

  /** The page may be gone after this: its own events go at once, and stay queued unless an answer is still seen. */
  function leave(): void {
    const batch = batchOf(true)
    if (batch.length === 0 || waiting() > 0) return
    void post(batch).then((attempt) => {
      if (isSettled(attempt)) drop(batch)
    })
  }

  addEventListener('pagehide', leave)
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') leave()
  })
  addEventListener('online', () => {
    if (getObject<Pause>(pause).unanswered) remove(pause)
    soon()
  })
  // What a page left behind.
  soon()
  return soon
}
