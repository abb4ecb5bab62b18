import { type Environment, mongoSettings } from '@varai/runtime'
import { laneServices } from '@varai/schemas'
import type { Db } from 'mongodb'
import { readSettings } from '../addresses.ts'
import { withDatabase } from '../document-store.ts'
import { printable } from '../pure/printable.ts'
import { tableLines } from '../pure/table.ts'
import type { Terminal } from '../terminal.ts'

type Confirmed = { service: string; outcome: string; reason: string | null; counts: object; at: Date }
type Request = {
  _id: string
  kind: string
  scope: string
  merchantId: string
  platform: string
  storeId: string
  subjectRef: string
  requestedAt: Date
  legalDueAt: Date
  handedOverAt?: Date
  confirmations?: Confirmed[]
}

const requestsIn = (db: Db) => db.collection<Request>('privacy_requests')
const most = 200
const limits = { maxTimeMS: 15_000 }

/** Services of which each says what it did; `varai privacy list --open` knows by them what is missing. */
const isOpen = ({ confirmations = [] }: Request): boolean =>
  laneServices.some((service) => !confirmations.some((each) => each.service === service))

/** Prints the requests that are due first, 200 at most. Nothing in them names anybody. */
export async function listRequests(
  terminal: Terminal,
  env: Environment,
  { open, json }: { readonly open: boolean; readonly json: boolean },
): Promise<0> {
  const { mongo } = readSettings(env, { mongo: mongoSettings })
  const missing = laneServices.map((service) => ({ 'confirmations.service': { $ne: service } }))
  const found = await withDatabase(mongo, (db) =>
    requestsIn(db)
      .find(open ? { $or: missing } : {}, limits)
      .sort({ legalDueAt: 1 })
      .limit(most)
      .toArray(),
  )
  if (json) for (const request of found) await terminal.print(JSON.stringify(request))
  else {
    const columns = ['due', 'request', 'kind', 'scope', 'merchant', 'confirmed by'].map((title) => ({ title }))
    for (const line of tableLines(columns, found.map(rowOf))) await terminal.print(line)
  }
  return 0
}

const rowOf = (request: Request): string[] => {
  const { _id, kind, scope, merchantId, legalDueAt, confirmations = [] } = request
  const by = confirmations.map(({ service }) => service)
  const open = isOpen(request) ? ' (open)' : ''
  return [legalDueAt.toISOString().slice(0, 10), _id, kind, scope, merchantId, `${by.join(', ')}${open}`].map(printable)
}

/** Prints a request, what each service did for it, and whom sync-core erased. Exit code 1 when there is none. */
export async function showRequest(
  terminal: Terminal,
  env: Environment,
  { id, json }: { readonly id: string; readonly json: boolean },
): Promise<0 | 1> {
  const { mongo } = readSettings(env, { mongo: mongoSettings })
  const [request, erasing] = await withDatabase(mongo, (db) =>
    Promise.all([
      requestsIn(db).findOne({ _id: id }, limits),
      db
        .collection<{ _id: string; customers: string[]; orders: string[]; allOrders: boolean; at: Date }>('erasures')
        .findOne({ _id: id }, { ...limits, projection: { customers: 1, orders: 1, allOrders: 1, at: 1 } }),
    ]),
  )
  if (request === null) {
    terminal.tell(`varai: no request ${printable(id)}`)
    return 1
  }
  if (json) {
    await terminal.print(JSON.stringify({ ...request, erasure: erasing }))
    return 0
  }
  const { kind, scope, merchantId, platform, storeId, subjectRef, requestedAt, legalDueAt, handedOverAt } = request
  const lines = [
    `${kind} (${scope}) of ${subjectRef} at ${merchantId}|${platform}|${storeId}`,
    `asked ${requestedAt.toISOString()}, due ${legalDueAt.toISOString()}, ${handedOverAt === undefined ? 'NOT handed to the services yet' : `handed over ${handedOverAt.toISOString()}`}`,
    ...laneServices.map((service) => confirmedLine(service, request.confirmations ?? [])),
    ...(erasing === null ? [] : [`erased is what was stated until ${erasing.at.toISOString()}:`]),
    ...[...(erasing?.customers ?? []), ...(erasing?.orders ?? [])].map((record) => `  ${record}`),
    ...(erasing?.allOrders === true ? ['  and what is personal in all orders of theirs'] : []),
  ]
  for (const line of lines) await terminal.print(printable(line))
  return 0
}

function confirmedLine(service: string, confirmations: readonly Confirmed[]): string {
  const confirmed = confirmations.find((each) => each.service === service)
  if (confirmed === undefined) return `${service}: not confirmed yet`
  const counts = Object.entries(confirmed.counts).map(([name, count]) => `${String(count)} ${name}`)
  const what = [confirmed.outcome, ...(confirmed.reason === null ? [] : [confirmed.reason]), ...counts].join(', ')
  return `${service}: ${what}, ${confirmed.at.toISOString()}`
}
