import { createHmac, randomUUID } from 'node:crypto'
import { setTimeout as after } from 'node:timers/promises'
import type { KeptCohort, KeptRow, RowStore, TrainingRow } from '@varai/ml-data'
import { formCohorts } from '@varai/ml-data/pure'
import { errorText, type Logger } from '@varai/runtime'
import type { LeaseStore } from '@varai/runtime/leases'

export type ReleaseDeps = {
  readonly rows: RowStore
  readonly leases: LeaseStore
  /** The key by which pseudonyms of a period are made. */
  readonly periodKey: (period: string) => Promise<Buffer>
  readonly k: number
  /** How long a row must have stayed as it is, ms. */
  readonly settleMs: number
  /** Between two looks, ms. */
  readonly everyMs: number
  /** So many rows of a cohort were published just now. */
  readonly onReleased?: (rows: number, of: KeptRow['dataType']) => void
  readonly log: Logger
  readonly now?: () => number
}

const lease = 'ml-release'
const leaseMs = 60_000
/** For so long a cohort that was dissolved is looked at again: nobody who was about to publish it lives longer. */
const rememberMs = 3_600_000
/** So many rows of a group are divided at once: more people make cohorts no more alike than these do. */
const mostAtOnce = 5_000

/**
 * Releases rows that wait, where k people of a group are there. One process at a time; killed anywhere, the next run
 * goes on: a cohort is published only once it stands in the database, and only with all that protects its people.
 */
export function createReleaseRows(deps: ReleaseDeps) {
  const { rows, leases, periodKey, k, settleMs, everyMs, onReleased = () => undefined, log, now = Date.now } = deps

  return async function releaseRows(stopping: AbortSignal): Promise<'done' | 'not now' | 'interrupted'> {
    const claim = await leases.claim(lease, leaseMs)
    if (claim.kind === 'not now') return 'not now'
    const ours = { id: lease, token: claim.lease.token }
    const began = now()
    for (const cohort of await rows.unfinished()) {
      if (cohort.state === 'formed') await rows.settle(cohort._id)
      else await publish(cohort)
    }
    await rows.forgetDissolved(new Date(began - rememberMs))
    let released = 0
    const before = new Date(now() - settleMs)
    for (const group of await rows.groups(before)) {
      if (stopping.aborted || !(await leases.hold(ours, leaseMs))) {
        await leases.release(ours, 0, {})
        return 'interrupted'
      }
      released += await releaseGroup(group, before)
    }
    await leases.release(ours, now() + everyMs, { lastSuccessAt: new Date(now()), released })
    if (released > 0) log.info({ released }, 'rows.released')
    return 'done'
  }

  async function releaseGroup(group: string, before: Date): Promise<number> {
    let released = 0
    for (;;) {
      const waiting = await rows.waiting(group, before, mostAtOnce)
      const [first] = waiting
      if (first === undefined) return released
      const byId = new Map(waiting.map((row) => [row._id, row]))
      const cohorts = formCohorts(
        waiting.map(({ _id: id, subject, measures }) => ({ id, subject, measures })),
        k,
        first,
      )
      let got = 0
      for (const { rows: members, said } of cohorts) {
        const cohort: KeptCohort = {
          ...{ _id: `c_${randomUUID()}`, state: 'forming', check: false },
          ...{ said: { ...first.categories, ...said }, at: new Date(now()) },
        }
        await rows.form(cohort, members.flatMap(({ id }) => byId.get(id) ?? []).map(placed))
        got += await publish(cohort)
      }
      released += got
      if (got === 0 || waiting.length < mostAtOnce) return released
    }
  }

  async function publish(cohort: KeptCohort): Promise<number> {
    let of: KeptRow['dataType'] | undefined
    const released = await rows.publish(cohort, (row) => {
      of = row.dataType
      return published(row, cohort)
    })
    if (released > 0 && of !== undefined) onReleased(released, of)
    return released
  }

  async function published(row: KeptRow, cohort: KeptCohort): Promise<TrainingRow> {
    const { _id, dataType, platform, region, week, level, period } = row
    return {
      ...{ _id, dataType, data: cohort.said, platform, region, timestamp: new Date(`${week}T00:00:00Z`) },
      ...{ consentLevel: level, anonymized: true, cohort: cohort._id },
      pseudonym: period === null ? null : pseudonymOf(await periodKey(period), row),
    }
  }
}

const placed = ({ _id: id, changedAt }: KeptRow) => ({ id, changedAt })

/**
 * Names a person's part in one entity in one period. Rows of a person have nothing in common by which they could be
 * joined: several rows together say more of somebody than k others share.
 */
const pseudonymOf = (key: Buffer, { _id, subject }: KeptRow): string =>
  createHmac('sha256', key)
    .update(JSON.stringify([subject, _id]))
    .digest('base64url')
    .slice(0, 22)

/** Releases whenever it is due. Resolves when told to stop. */
export async function keepReleasing(
  releaseRows: ReturnType<typeof createReleaseRows>,
  options: { readonly stopping: AbortSignal; readonly log: Logger; readonly lookEveryMs: number },
): Promise<void> {
  const { stopping, log, lookEveryMs } = options
  while (!stopping.aborted) {
    await releaseRows(stopping).catch((error: unknown) => log.warn({ error: errorText(error) }, 'rows.release-failed'))
    await after(lookEveryMs, undefined, { signal: stopping }).catch(() => undefined)
  }
}
