import { signedRequest } from '@varai/simulator'
import { fixturesFolder, readFixture } from '@varai/testkit'
import { parse, stringify } from 'lossless-json'
import type { Check } from '../runner.ts'
import type { PipelineContext } from './open-system.ts'
import { stores } from './stores.ts'

const { fixtures: store } = stores

/** What must become of a file: a document under this id, a tombstone, a dead letter, or an acknowledgement alone. */
type Outcome =
  | { document: 'orders' | 'customers' | 'products'; id: string; deleted?: true }
  | 'dead letter'
  | 'acknowledged'

/**
 * File → outcome. The numbers in these files went through a parser with doubles; where `admin_graphql_api_id` still has
 * the exact id, the document must have it too. products.delete names only the rounded one.
 */
const expected: Readonly<Record<string, Outcome>> = {
  'orders.create.json': { document: 'orders', id: '820982911946154508' },
  'orders.updated.json': { document: 'orders', id: '820982911946154508' },
  'orders.cancelled.json': { document: 'orders', id: '820982911946154508' },
  'customers.create.json': { document: 'customers', id: '706405506930370084' },
  'customers.update.json': { document: 'customers', id: '706405506930370084' },
  'customers.delete.json': { document: 'customers', id: '706405506930370084', deleted: true },
  'products.create.json': { document: 'products', id: '788032119674292922' },
  'products.update.json': { document: 'products', id: '788032119674292922' },
  'products.delete.json': { document: 'products', id: '788032119674292900', deleted: true },
}

type Row = { file: string; wanted: string; status: number; found: string }

/** Other people's payloads, signed anew for a store of ours. */
export const fixtures: Check<PipelineContext> = {
  title: 'payloads written by others: file, outcome, exact ids, never a 5xx',
  async run({ db, webhookUrl, settled, deadLetters }) {
    if (fixturesFolder() === undefined)
      return { holds: true, figures: ['skipped: the folder ../shared/fixtures is not here'] }
    const answers = new Map<string, number>()
    for (const file of Object.keys(expected)) answers.set(file, await post(file, webhookUrl()))
    await settled()
    const letters = (await deadLetters()).filter(({ key }) => key?.includes(store.storeId))
    const rows: Row[] = []
    for (const [file, outcome] of Object.entries(expected)) {
      const found = await outcomeOf(outcome)
      rows.push({ file, wanted: describe(outcome), status: answers.get(file) ?? 0, found })
    }
    async function outcomeOf(outcome: Outcome): Promise<string> {
      if (typeof outcome === 'string') return outcome
      const id = `${store.merchantId}|shopify|${store.storeId}|${outcome.id}`
      const document = await db.collection<{ _id: string; deleted: boolean }>(outcome.document).findOne({ _id: id })
      // One record may have several files: a tombstone was a document for the files before it.
      if (document === null) return 'no document'
      return outcome.deleted === true && !document.deleted ? 'not deleted' : describe(outcome)
    }
    return {
      holds: rows.every(({ status, wanted, found }) => status === 200 && wanted === found) && letters.length === 0,
      figures: [
        ...rows.map((row) => `${row.file.padEnd(24)}${row.status}  ${row.found}`),
        `${letters.length} dead letters`,
      ],
    }
  },
}

const describe = (outcome: Outcome): string =>
  typeof outcome === 'string'
    ? outcome
    : `${outcome.document} ${outcome.id}${outcome.deleted === true ? ', deleted' : ''}`

/** Some files are a captured delivery {headers, body, topic}, others the body alone. */
async function post(file: string, url: string): Promise<number> {
  const text = readFixture('shopify', file).toString('utf8')
  const captured = parse(text) as { headers: Record<string, string>; body: unknown }
  const header = new Map(Object.entries(captured.headers).map(([name, value]) => [name.toLowerCase(), value]))
  const { headers, body } = signedRequest(stringify(captured.body) ?? '', {
    topic: header.get('x-shopify-topic') ?? '',
    shopDomain: store.storeId,
    secret: store.secret,
    webhookId: header.get('x-shopify-webhook-id') ?? file,
    triggeredAt: header.get('x-shopify-triggered-at') ?? '',
    apiVersion: header.get('x-shopify-api-version') ?? '2024-10',
  })
  return (await fetch(url, { method: 'POST', headers, body: Buffer.from(body) })).status
}
