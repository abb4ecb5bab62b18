import { join } from 'node:path'
import { root } from '@varai/demo/system'
import { workedOff } from '@varai/demo/worked-off'
import { createPublisher, type Publisher } from '@varai/kafka'
import { createNames, type DataType, type Names, weekOf } from '@varai/ml-data/pure'
import { createLog } from '@varai/runtime'
import { liveShopper, type Shopper } from '@varai/simulator'
import { waitUntil } from '@varai/testkit'
import { createVault, localMasterKey } from '@varai/vault'
import { runProgram } from '../../system/run-program.ts'
import type { AnalyticsContext } from '../open-analytics.ts'
import type { Known } from './attack.ts'
import { type Stores, sayAll } from './say.ts'

export const k = 10
const patienceMs = 10 * 60_000

/** A row that somebody makes, under the name that the collector gives it. */
export type Made = Known & { readonly row: string; readonly dataType: DataType; readonly level: string }

export type Trained = {
  readonly shoppers: readonly Shopper[]
  /** Every row that any of them makes. */
  readonly made: readonly Made[]
  /** How many events told of them. */
  readonly told: number
  /** Monday of the week they lived in, and of the next. */
  readonly from: string
  readonly to: string
}

const dayMs = 86_400_000
const once = new WeakMap<AnalyticsContext['db'], Promise<Trained>>()

/** The shoppers whom training rows are made of; told once, whichever check comes first. */
export function trained(context: AnalyticsContext): Promise<Trained> {
  const known = once.get(context.db) ?? train(context)
  once.set(context.db, known)
  return known
}

async function train(context: AnalyticsContext): Promise<Trained> {
  // All in one week, which is over and nobody else's: lives last some hours.
  const monday = Date.parse(`${weekOf(Date.now() - 21 * dayMs)}T00:00:00Z`)
  const shoppers = crowd('trained', context.short ? 700 : 5_000, context.short, monday + 2 * dayMs)
  const told = await publishing(context, (publisher) => sayAll(publisher, shoppers, shops))
  await collected(context)
  return {
    ...{ shoppers, told, made: await rowsMadeBy(context, shoppers, shops) },
    ...{ from: weekOf(monday), to: weekOf(monday + 7 * dayMs) },
  }
}

/** Publishes, and resolves when Kafka has all of it. */
export async function publishing<T>(
  { kafka, codec }: AnalyticsContext,
  work: (publisher: Publisher) => Promise<T>,
): Promise<T> {
  const publisher = createPublisher({ kafka, codec, log: createLog({ service: 'acceptance', level: 'fatal' }) })
  await publisher.connect()
  try {
    return await work(publisher)
  } finally {
    await publisher.close()
  }
}

/** Where the shoppers of a merchant are, and where they may buy. Customers of two merchants are never the same. */
export const shopsOf = (merchantId: string): Stores => ({
  here: { merchantId, platform: 'html', storeId: `${merchantId}-shop` },
  shopify: { merchantId, platform: 'shopify', storeId: `${merchantId}.myshopify.com` },
})
export const shops = shopsOf('trained')

/** So many shoppers; few are all of one region, so that some have company. */
export function crowd(seed: string, count: number, few: boolean, from: number): Shopper[] {
  const shoppers: Shopper[] = []
  for (let number = 0; shoppers.length < count; number += 1) {
    const shopper = liveShopper(seed, number, from)
    if (!few || shopper.region === 'EU') shoppers.push(shopper)
  }
  return shoppers
}

/** The rows that lives come to, under the names that the collector gives them. */
export async function rowsMadeBy(
  { system, db }: AnalyticsContext,
  shoppers: readonly Shopper[],
  stores: Stores,
): Promise<Made[]> {
  const key = system.env['VARAI_MASTER_KEY'] ?? ''
  const vault = createVault({ db, masterKey: localMasterKey(Buffer.from(key, 'base64')) })
  const names = createNames(await vault.serviceKey('ml-names'))
  return shoppers.flatMap((shopper) => madeBy(shopper, stores, names))
}

/** Resolves when everything that was said is collected, and released as far as it can be. */
export async function collected(context: AnalyticsContext): Promise<void> {
  await workedOff(context.kafka, 'ml-collector', AbortSignal.timeout(patienceMs))
  await released(context)
}

/** Resolves when all that can be released is: a run that began after everything had come to rest found nothing more. */
async function released({ db }: Pick<AnalyticsContext, 'db'>): Promise<void> {
  const last = async () => {
    const job = await db
      .collection<{ _id: string; state?: { lastSuccessAt?: Date } }>('jobs')
      .findOne({ _id: 'ml-release' })
    return job?.state?.lastSuccessAt?.getTime() ?? 0
  }
  // Rows must have stayed as they are for a second, and the run that ends first then may have begun before.
  let after = Date.now() + 1_000
  for (const what of ['a run that ends', 'a run that began after everything had come to rest']) {
    const before = after
    await waitUntil(async () => (await last()) > before, { what, withinMs: patienceMs, everyMs: 100 })
    after = await last()
  }
}

type Step = Shopper['steps'][number]
type What = Step['deed']['what']
type Deed<W> = Extract<Step['deed'], { what: W }>

/** What the life of a shopper comes to, in the words of rows; read off the life alone. */
function madeBy(shopper: Shopper, { here, shopify }: Stores, names: Names): Made[] {
  const { steps, sessionId, region } = shopper
  const htmlStore = { ...here, source: here.platform }
  const level = levelOf(shopper)
  if (level === undefined) return []
  const deeds = <W extends What>(what: W) => steps.flatMap(({ deed }) => (deed.what === what ? [deed as Deed<W>] : []))
  const [bought] = deeds('bought')
  const [completed] = deeds('completed')
  const face = facesOf(shopper).at(-1)
  const did = deeds('interacted').map(({ interaction }) => interaction)
  const outcome = (these: typeof did, sold: boolean): string => {
    if (sold) return 'purchased'
    if (these.some(({ type }) => type === 'virtual_try_on_started')) return 'try_on'
    return these.some(({ type }) => type === 'recommendation_clicked' || type === 'product_clicked') ? 'click' : 'none'
  }
  const sold = bought !== undefined || completed?.conversionResult === 'purchased'
  const place = { platform: 'html', region: region.slice(0, 2), faceShape: face?.faceShape ?? null }
  const session = names.session(htmlStore, sessionId)
  const row = (dataType: DataType, entity: string, at: number | undefined, facts: Known['facts']): Made => ({
    ...{ person: sessionId, dataType, level, row: names.row(dataType, entity) },
    facts: { ...place, consentLevel: level, week: weekOf(at ?? 0), ...facts },
  })
  const firstAt = (matches: (step: Step) => boolean) => steps.find(matches)?.at
  const began = Math.min(...steps.filter(({ deed }) => deed.what !== 'bought').map(({ at }) => at))
  const made: Made[] = []
  if (face !== undefined)
    made.push(row('face_analysis', session, began, { outcome: outcome(did, sold), ...face.measurements }))
  const recommended = deeds('recommended')
  if (completed !== undefined) {
    const durationSeconds = (completed.endedAt - completed.startedAt) / 1_000
    // As it is said: a light round frame.
    const shopperWords = 4 * completed.turns.filter(({ role }) => role === 'shopper').length
    const talk = { turns: completed.turns.length, shopperWords, recommendations: recommended.length, durationSeconds }
    made.push(row('ai_session', session, began, { outcome: outcome(did, sold), ...talk }))
  }
  for (const { recommendationId, items, algorithm } of recommended) {
    const own = did.filter((interaction) => interaction.recommendationId === recommendationId)
    const led = bought?.recommendationIds.includes(recommendationId) ?? false
    const facts = { outcome: outcome(own, led), algorithm, items: items.length, frameShape: null }
    const at = firstAt(({ deed }) => deed.what === 'recommended' && deed.recommendationId === recommendationId)
    made.push(row('recommendation_outcome', names.recommendation(htmlStore, sessionId, recommendationId), at, facts))
  }
  if (bought !== undefined) {
    const platform = bought.on === 'here' ? 'html' : 'shopify'
    const facts = { outcome: 'purchased', currency: 'EUR', recommended: bought.recommendationIds.length > 0 }
    const order = names.order(
      bought.on === 'here' ? htmlStore : { ...shopify, source: shopify.platform },
      bought.orderId,
    )
    const at = firstAt(({ deed }) => deed.what === 'bought')
    made.push(row('order', order, at, { ...facts, platform, total: Number(bought.total) }))
  }
  return made
}

const facesOf = ({ steps }: Shopper) =>
  steps.flatMap(({ deed }) =>
    deed.what === 'analysed' ? [deed.analysis] : deed.what === 'completed' && deed.analysis ? [deed.analysis] : [],
  )

/**
 * How far somebody may be used: the least of what they chose last, what their session is of and what their analysis
 * says. Undefined for who chose basic after more had been allowed.
 */
function levelOf(shopper: Shopper): Made['level'] | undefined {
  const levels = ['basic', 'enhanced', 'research']
  const heard = shopper.steps.filter(({ deed }) => deed.what !== 'bought')
  const chosen = heard.flatMap(({ deed }) => (deed.what === 'consented' ? [deed.level] : [])).at(-1)
  const spoken = heard.map(({ level }) => levels.indexOf(level))
  if (chosen === 'basic' && Math.max(...spoken) > 0) return undefined
  const face = facesOf(shopper).at(-1)?.consentLevel
  const all = [...(chosen ? [chosen] : []), heard.at(-1)?.level ?? 'basic', ...(face ? [face] : [])]
  return levels[Math.min(...all.map((level) => levels.indexOf(level)))]
}

const cli = join(root, 'packages', 'cli', 'src', 'main.ts')

/** Runs `varai` with the addresses of the system; resolves with what it printed. Rejects when it fails. */
export async function varai({ system }: AnalyticsContext, ...words: readonly string[]): Promise<string> {
  const { code, output } = await runProgram(process.execPath, [cli, ...words], { cwd: root, env: system.env })
  if (code !== 0) throw new Error(`varai ${words.join(' ')}: exit code ${code}: ${output}`)
  return output
}
