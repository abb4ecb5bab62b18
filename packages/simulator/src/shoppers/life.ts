import { createRandom, type Random } from '../random.ts'
import { spoken } from './raw-face.ts'

/** Who hears of a step: the store's server, or the collector of pages. */
export type Door = 'server' | 'page'
export type Level = 'basic' | 'enhanced' | 'research'

export type Analysis = {
  readonly faceShape: string
  readonly measurements: { readonly pupillaryDistance: number; readonly faceWidth: number; readonly faceHeight: number }
  readonly confidence: number
  /** Epoch ms. */
  readonly timestamp: number
  readonly region: string
  readonly consentLevel: Level
}
export type Interaction = {
  readonly type: 'product_viewed' | 'product_clicked' | 'recommendation_clicked' | 'virtual_try_on_started'
  readonly productId: string
  readonly recommendationId?: string
  readonly durationMs?: number
  readonly properties?: Readonly<Record<string, string>>
}
export type Item = {
  readonly id: string
  readonly productId: string
  readonly position: number
  readonly score: number
  readonly reason: string
}

/** What a shopper does at one time. */
export type Deed =
  | { readonly what: 'began'; readonly at: number; readonly locale: string; readonly device: string }
  | { readonly what: 'interacted'; readonly interaction: Interaction }
  | { readonly what: 'analysed'; readonly analysisId: string; readonly analysis: Analysis }
  | {
      readonly what: 'recommended'
      readonly recommendationId: string
      readonly algorithm: string
      readonly confidence: number
      readonly items: readonly Item[]
    }
  | { readonly what: 'consented'; readonly level: Level; readonly proof: string; readonly marketing: boolean }
  | {
      readonly what: 'completed'
      readonly startedAt: number
      readonly endedAt: number
      readonly outcome: string
      readonly conversionResult: string
      readonly orderId: string | undefined
      readonly analysis: Analysis | undefined
      /** Indexes of what was said. */
      readonly turns: readonly { readonly role: 'shopper' | 'assistant'; readonly line: number; readonly at: number }[]
      readonly recommendationIds: readonly string[]
    }
  | {
      readonly what: 'bought'
      /** On which platform: the shop that they were in, or a theme on Shopify that has the cart's attributes. */
      readonly on: 'here' | 'shopify'
      readonly orderId: string
      readonly total: string
      readonly recommendationIds: readonly string[]
    }

/** A deed with its place in the life; `level` is what counted when it was done. */
export type Step = {
  readonly id: string
  /** Epoch ms, true time. */
  readonly at: number
  readonly door: Door
  readonly level: Level
  readonly deed: Deed
}

export type Shopper = {
  readonly sessionId: string
  /** Whom the store knows them as; undefined for guests. */
  readonly customerId: string | undefined
  readonly region: string
  /** How far the clock of their page runs ahead, ms. */
  readonly clockAhead: number
  readonly steps: readonly Step[]
}

/** Between two deeds there is more time than any request takes, so that the order of deeds is never in doubt. */
const shortestPause = 30_000
const longestPause = 240_000
const year = 365 * 24 * 3_600_000

const shapes = ['oval', 'round', 'square', 'heart', 'oblong', 'diamond'] as const
const locales = ['de-AT', 'en-GB', 'fr-FR', 'it-IT'] as const
const levels: readonly Level[] = ['basic', 'enhanced', 'research']

/** The whole life of one shopper; the same for the same seed and number. `from`: about when it begins, epoch ms. */
export function liveShopper(seed: string, number: number, from: number): Shopper {
  const random = createRandom(`shopper|${seed}|${number}`)
  const sessionId = `ais-${random.uuid()}`
  const region = random.pick(['EU', 'US-CA', 'CH'])
  const steps: Step[] = []
  let at = from + random.int(0, 3_600_000)
  let level: Level = random.pick(levels)
  const does = (door: Door, deed: Deed): void => {
    at += random.int(shortestPause, longestPause)
    if (deed.what === 'consented') level = deed.level
    steps.push({ id: `e-${random.uuid()}`, at, door, level, deed })
  }
  const either = (): Door => (random.chance(0.5) ? 'page' : 'server')
  const product = () => String(8_000_000 + random.int(0, 200))
  const look = (type: Interaction['type'], more: Omit<Interaction, 'type' | 'productId'> = {}) =>
    does(either(), { what: 'interacted', interaction: { type, productId: product(), ...more } })

  for (let views = random.int(0, 2); views > 0; views -= 1) {
    look('product_viewed', { properties: { surface: 'list', position: String(views) } })
  }
  const beganAt = at + shortestPause
  does(either(), {
    what: 'began',
    at: beganAt,
    locale: random.pick(locales),
    device: random.pick(['mobile', 'desktop']),
  })
  if (random.chance(0.4)) does(either(), consenting(random, random.pick(levels)))
  let analysis: Analysis | undefined
  if (random.chance(0.9)) {
    analysis = measure(random, at, region, level)
    does(either(), { what: 'analysed', analysisId: `fa-${number}`, analysis })
  }
  const recommendationIds: string[] = []
  for (let times = random.int(0, 2); times > 0; times -= 1) {
    const recommendationId = `rec-${number}-${times}`
    recommendationIds.push(recommendationId)
    does('server', recommending(random, recommendationId, product))
    if (random.chance(0.7)) look('recommendation_clicked', { recommendationId })
    if (random.chance(0.4)) look('product_clicked')
    if (random.chance(0.5)) {
      const durationMs = random.int(800, 40_000)
      look('virtual_try_on_started', { recommendationId, durationMs, properties: { camera: 'front' } })
    }
  }
  if (random.chance(0.2)) does(either(), consenting(random, 'basic'))
  const buys = random.chance(0.4)
  const orderId = buys ? String(70_000_000_000_000_000n + BigInt(number)) : undefined
  if (random.chance(0.85)) {
    const turns = Array.from({ length: random.int(1, 4) }, (_, turn) => ({
      role: turn % 2 === 0 ? ('shopper' as const) : ('assistant' as const),
      line: random.int(0, spoken.length - 1),
      at: beganAt + turn * 1_000,
    }))
    does('server', {
      ...{ what: 'completed', startedAt: beganAt, endedAt: at, outcome: buys ? 'recommendation_accepted' : 'left' },
      ...{ conversionResult: buys ? 'purchased' : 'none', orderId, turns, recommendationIds },
      analysis: analysis && (random.chance(0.5) ? measure(random, at, region, level) : undefined),
    })
  }
  if (orderId !== undefined) {
    at += random.int(3_600_000, 20_000_000)
    const on = random.pick(['here', 'shopify'] as const)
    does('server', {
      what: 'bought',
      on,
      orderId,
      total: `${random.int(80, 600)}.${random.digits(2)}`,
      recommendationIds,
    })
  }
  return {
    ...{ sessionId, region, steps },
    customerId: random.chance(0.5) ? `c-${number}` : undefined,
    clockAhead: random.chance(0.3) ? random.pick([-year, year, 90_000]) : 0,
  }
}

const consenting = (random: Random, level: Level): Deed => ({
  ...{ what: 'consented', level, proof: 'text 2026-01, banner', marketing: random.chance(0.5) },
})

/** To tenths, so that they are the same in every coding. */
const tenths = (random: Random, from: number, to: number): number => random.int(from * 10, to * 10) / 10

const measure = (random: Random, at: number, region: string, level: Level): Analysis => ({
  faceShape: random.pick(shapes),
  measurements: {
    ...{ pupillaryDistance: tenths(random, 54, 74), faceWidth: tenths(random, 120, 160) },
    faceHeight: tenths(random, 160, 210),
  },
  ...{ confidence: random.int(50, 100) / 100, timestamp: at, region: region.slice(0, 2), consentLevel: level },
})

const recommending = (random: Random, recommendationId: string, product: () => string): Deed => ({
  ...{ what: 'recommended', recommendationId, algorithm: 'face-fit 3.2', confidence: random.int(50, 100) / 100 },
  items: Array.from({ length: random.int(1, 3) }, (_, at) => ({
    ...{ id: `${recommendationId}-${at + 1}`, productId: product(), position: at + 1, score: random.int(1, 100) / 100 },
    reason: 'Softens the face.',
  })),
})
