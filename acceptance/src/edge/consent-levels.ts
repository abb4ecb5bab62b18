import { join } from 'node:path'
import { root } from '@varai/demo/system'
import { contactMarker, deliver, htmlHeaders, type Sendable } from '@varai/simulator'
import type { Db, Document } from 'mongodb'
import type { Check } from '../runner.ts'
import { runProgram } from '../system/run-program.ts'
import type { EdgeContext } from './open-edge.ts'
import { stores } from './stores.ts'

const levels = ['basic', 'enhanced', 'research'] as const
type Level = (typeof levels)[number]

const analysis = { faceShape: 'oval', measurements: { pupillaryDistance: 62.5 }, confidence: 0.9 }
const conversation = [{ role: 'shopper', text: `I am ${contactMarker}@example.com` }]
const click = { productId: '8123' }

/**
 * Every event of which something personal is learnt, and what it carries: `face`, whether an analysis comes with it,
 * which is in the profile from `enhanced` on; `talk`, whether a conversation does. Written out by hand.
 */
const events: Readonly<Record<string, { data: object; about?: 'order'; face?: true; talk?: true }>> = {
  ai_session_started: { data: { locale: 'de-AT' } },
  ai_session_completed: { data: { outcome: 'left', faceAnalysis: analysis, conversation }, face: true, talk: true },
  face_analysis_completed: { data: { analysisId: 'a', analysis }, face: true },
  recommendation_generated: { data: { recommendationId: 'r', items: [{ productId: '8123', position: 1 }] } },
  recommendation_clicked: { data: { ...click, recommendationId: 'r' } },
  virtual_try_on_started: { data: { ...click, durationMs: 900 } },
  product_viewed: { data: click },
  product_clicked: { data: click },
  order_created: { data: { currency: 'EUR', total: '189.00' }, about: 'order' },
  payment_completed: { data: { currency: 'EUR', total: '189.00', paidAt: '2026-03-14T09:31:40Z' }, about: 'order' },
}

type Row = { readonly event: string; readonly level: Level; readonly name: string }
const rows: readonly Row[] = Object.keys(events).flatMap((event) =>
  levels.map((level) => ({ event, level, name: `${event}-${level}` })),
)

/** Each event at each level by somebody of their own: what the session keeps, and what gets into their profile. */
export const consentLevels: Check<EdgeContext> = {
  title:
    'consent: every event at every level, in the table and through the system; what is withdrawn leaves the profile',
  async run(context) {
    const table = await runTable()
    const at = Date.now() - 3_600_000
    await say(
      context,
      rows.flatMap((row) => said(row, at)),
    )
    await context.settled()
    const wrong = await compare(context.db, (row) => row.level)
    await say(
      context,
      rows.map((row) => withdrawn(row, at + 60_000)),
    )
    await context.settled()
    const kept = await compare(context.db, () => 'basic')
    return {
      holds: table.holds && wrong.length + kept.length === 0,
      figures: [
        `the table: ${table.figure}`,
        `${rows.length} events of ${rows.length} people: ${wrong.length} sessions or profiles other than they should be`,
        ...wrong.slice(0, 5),
        `the same after all of them withdrew: ${kept.length} other than they should be`,
        ...kept.slice(0, 5),
      ],
    }
  },
}

/** The unit test of the one table that everything asks. */
async function runTable(): Promise<{ holds: boolean; figure: string }> {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const files = ['--project', 'unit', 'packages/privacy/src/consent-table.test.ts']
  const env = { ...process.env, NO_COLOR: '1' }
  const { code, output } = await runProgram(process.execPath, [vitest, 'run', ...files], { cwd: root, env })
  const passed = /Tests\s+(\d+) passed/.exec(output)?.[1]
  return { holds: code === 0 && passed !== undefined, figure: `${passed ?? 'no'} tests of events and levels pass` }
}

function said({ event, level, name }: Row, at: number): object[] {
  const { data, about } = events[event] ?? { data: {} }
  const shared = { occurredAt: new Date(at).toISOString(), consentLevel: level }
  const who = { customerId: `c-${name}` }
  const person = { data: { email: `${name}@example.com`, firstName: name } }
  const opened = { event: 'ai_session_started', sessionId: `s-${name}`, data: who }
  const own =
    about === 'order'
      ? { entityId: `o-${name}`, data: { ...who, ...data, aiSessionId: `s-${name}` } }
      : { sessionId: `s-${name}`, data: { ...who, ...data } }
  return [
    { ...shared, id: `c-${name}`, event: 'customer_created', entityId: who.customerId, ...person },
    // Interactions name nobody: who it is, the session says.
    { ...shared, id: `s-${name}`, ...opened },
    { ...shared, id: name, event, ...own },
  ]
}

const withdrawn = ({ name }: Row, at: number): object => ({
  ...{ id: `w-${name}`, event: 'consent_changed', occurredAt: new Date(at).toISOString(), consentLevel: 'basic' },
  ...{ sessionId: `s-${name}`, data: { customerId: `c-${name}`, level: 'basic', proof: 'asked again' } },
})

async function say({ doors }: EdgeContext, items: readonly object[]): Promise<void> {
  const { storeId, secret } = stores.consents
  const requests: Sendable[] = []
  for (let from = 0; from < items.length; from += 100) {
    const body = Buffer.from(JSON.stringify({ events: items.slice(from, from + 100) }))
    requests.push({ body, headers: htmlHeaders(body, { storeId, secret, at: Date.now() }) })
  }
  await deliver(requests, { url: doors.server })
}

/** What is other than it should be when everybody's level is the one that is given. */
async function compare(db: Db, levelOf: (row: Row) => Level): Promise<string[]> {
  const { merchantId, platform, storeId } = stores.consents
  const found = (collection: string, id: string) =>
    db
      .collection<Document & { _id: string }>(collection)
      .findOne({ _id: [merchantId, platform, storeId, id].join('|') })
  const wrong: string[] = []
  for (const row of rows) {
    const { face = false, talk = false } = events[row.event] ?? {}
    const session = await found('ai_sessions', `s-${row.name}`)
    const user = await found('users', `c-${row.name}`)
    const expected = { level: levelOf(row), face, talk: talk ? 'I am [email]' : undefined, listed: `s-${row.name}` }
    const profile = face && levelOf(row) !== 'basic'
    const seen = {
      level: session?.['consentLevel'],
      face: (session?.['faceAnalysisData'] ?? null) !== null,
      talk: session?.['conversationHistory']?.[0]?.text,
      listed: user?.['aiSessions']?.[0]?.sessionId,
      profile: (user?.['faceAnalysisData'] ?? null) !== null,
    }
    const [wanted, is] = [{ ...expected, profile }, seen].map((each) => JSON.stringify(each))
    if (wanted !== is) wrong.push(`${row.name}: ${is} instead of ${wanted}`)
  }
  return wrong
}
