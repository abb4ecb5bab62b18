import { addDecimals } from '@varai/schemas'
import type { Shopper, Truth } from '@varai/simulator'

/** A line that a report must have: what it is of, as text, and its figures. */
export type Lines = Map<string, Record<string, number | string>>

export type Place = { platform: string; store: string }
type Deed<W> = Extract<Shopper['steps'][number]['deed'], { what: W }>

/** Adds figures to a line. */
function add(lines: Lines, of: readonly (string | null)[], figures: Record<string, number | string>): void {
  const key = of.join(' ')
  const sum = lines.get(key) ?? {}
  for (const [name, value] of Object.entries(figures)) {
    const before = sum[name]
    if (before === undefined) sum[name] = typeof value === 'number' ? value : addDecimals(value)
    else sum[name] = typeof value === 'number' ? Number(before) + value : addDecimals(String(before), value)
  }
  lines.set(key, sum)
}

const hourOf = (ms: number): string => new Date(ms).toISOString().slice(0, 13).replace('T', '-')

/** By report and dimension: `sessions`, `funnel`, `funnel algorithm`, `orders`, `attributed`, … */
export type Expected = Record<string, Lines>

const frameDimensions = ['frameShape', 'frameMaterial', 'frameColor', 'lensType'] as const
export type Frame = Partial<Record<(typeof frameDimensions)[number], string>>

export const asked = [
  ...['sessions', 'orders', 'funnel', 'attributed', 'attributed basis', 'funnel algorithm', 'attributed algorithm'],
  ...frameDimensions.flatMap((name) => [`funnel ${name}`, `attributed ${name}`]),
]

const nothing = (): Expected => Object.fromEntries(asked.map((name) => [name, new Map()]))
const lines = (expected: Expected, name: string): Lines => expected[name] ?? new Map()

/** What shoppers did, counted from their lives alone. `frameOf`: what the store says of a product. */
export function countShoppers(
  shoppers: readonly Shopper[],
  { here, shopify }: { here: Place; shopify: Place },
  frameOf: (productId: string) => Frame,
): Expected {
  const expected = nothing()
  for (const { steps } of shoppers) {
    const ofSession = steps.filter(({ deed }) => deed.what !== 'bought')
    const first = Math.min(...ofSession.map(({ at }) => at))
    const hour = hourOf(first)
    const done = <W extends string>(what: W) =>
      ofSession.map(({ deed }) => deed).filter((deed): deed is Deed<W> => deed.what === what)
    const [completed] = done('completed')
    add(lines(expected, 'sessions'), [hour, here.platform], {
      totalSessions: 1,
      completedSessions: completed === undefined ? 0 : 1,
      conversions: completed?.conversionResult === 'purchased' ? 1 : 0,
      ...(completed && { durations: 1, durationMs: completed.endedAt - completed.startedAt }),
    })
    const touches = done('interacted').map(({ interaction }) => interaction)
    const clicks = touches.filter(({ type }) => type === 'recommendation_clicked' || type === 'product_clicked')
    const tryOns = touches.filter(({ type }) => type === 'virtual_try_on_started')
    const recommended = done('recommended')
    const orders = steps
      .map(({ at, deed }) => ({ at, deed }))
      .flatMap(({ at, deed }) => (deed.what === 'bought' ? [{ at, deed }] : []))
    const line = [hour, here.platform, here.store]
    add(lines(expected, 'funnel'), line, {
      sessions: 1,
      analysed: done('analysed').length > 0 || completed?.analysis !== undefined ? 1 : 0,
      recommended: recommended.length > 0 ? 1 : 0,
      clicked: clicks.length > 0 ? 1 : 0,
      triedOn: tryOns.length > 0 ? 1 : 0,
      ordered: orders.length > 0 ? 1 : 0,
    })
    /** Touches that lead to a recommendation: they name it, or a frame that was recommended. */
    const leading = (all: typeof touches) =>
      all.filter(
        ({ recommendationId, productId }) =>
          recommended.some((one) => one.recommendationId === recommendationId) ||
          recommended.some(({ items }) => items.some((item) => item.productId === productId)),
      )
    for (const algorithm of new Set(recommended.map((one) => one.algorithm)))
      add(lines(expected, 'funnel algorithm'), [...line, algorithm], {
        ...{ sessions: 1, recommended: 1 },
        clicked: leading(clicks).length > 0 ? 1 : 0,
        triedOn: leading(tryOns).length > 0 ? 1 : 0,
        ordered: orders.some(({ deed }) => deed.recommendationIds.length > 0) ? 1 : 0,
      })
    for (const dimension of frameDimensions) {
      const values = (products: readonly string[]) => new Set(products.flatMap((id) => frameOf(id)[dimension] ?? []))
      const reached = {
        recommended: values(recommended.flatMap(({ items }) => items.map(({ productId }) => productId))),
        clicked: values(clicks.map(({ productId }) => productId)),
        triedOn: values(tryOns.map(({ productId }) => productId)),
      }
      const all = new Set([...reached.recommended, ...reached.clicked, ...reached.triedOn])
      for (const value of all)
        add(lines(expected, `funnel ${dimension}`), [...line, value], {
          sessions: 1,
          ...Object.fromEntries(Object.entries(reached).map(([stage, of]) => [stage, of.has(value) ? 1 : 0])),
        })
    }
    for (const { at, deed } of orders) {
      const { platform, store } = deed.on === 'here' ? here : shopify
      const worth = { orders: 1, cancelled: 0, grossTotal: deed.total, netTotal: deed.total }
      const of = [hourOf(at), platform, store]
      add(lines(expected, 'orders'), [...of, 'EUR'], worth)
      add(lines(expected, 'attributed'), [...of, 'EUR'], worth)
      add(lines(expected, 'attributed basis'), [...of, 'session-id', 'EUR'], worth)
      const known = new Set(recommended.map((one) => one.recommendationId))
      const algorithms = recommended.filter((one) => deed.recommendationIds.includes(one.recommendationId))
      if (deed.recommendationIds.some((id) => known.has(id)))
        for (const algorithm of new Set(algorithms.map((one) => one.algorithm)))
          add(lines(expected, 'attributed algorithm'), [...of, algorithm, 'EUR'], worth)
    }
  }
  return expected
}

type Fields = Readonly<Record<string, unknown>>
const text = (value: unknown): string | null => (value === null || value === undefined ? null : String(value))

/** What a shop sold, counted from its own truth. Those that name a session were led to by it, whoever knows it. */
export function countShop(truth: Truth, place: Place): Expected {
  const expected = nothing()
  const frames = new Map(
    [...truth.records.products].map(([id, { fields }]) => [id.split('|')[3] ?? '', frameIn(fields)]),
  )
  for (const { fields, deleted } of truth.records.orders.values()) {
    if (deleted || fields['test'] === true) continue
    const of = [hourOf(Number(fields['createdAt'])), place.platform, place.store]
    const currency = text(fields['currency'])
    const isCancelled = (fields['cancelledAt'] ?? null) !== null
    const worth = {
      orders: 1,
      cancelled: isCancelled ? 1 : 0,
      grossTotal: addDecimals(String(fields['total'])),
      netTotal: isCancelled ? '0' : addDecimals(String(fields['netTotal'])),
    }
    add(lines(expected, 'orders'), [...of, currency], worth)
    const carried = Array.isArray(fields['recommendationIds']) ? fields['recommendationIds'] : []
    const basis = text(fields['aiSessionId']) ? 'session-id' : carried.length > 0 ? 'recommendation-id' : undefined
    if (basis === undefined) continue
    add(lines(expected, 'attributed'), [...of, currency], worth)
    add(lines(expected, 'attributed basis'), [...of, basis, currency], worth)
    const items: Fields[] = Array.isArray(fields['items']) ? fields['items'] : []
    for (const dimension of frameDimensions) {
      const frameOf = (item: Fields) => frames.get(text(item['productId']) ?? '')?.[dimension]
      for (const value of new Set(items.flatMap((item) => frameOf(item) ?? []))) {
        const sold = isCancelled ? [] : items.filter((item) => frameOf(item) === value && unitsOf(item) > 0)
        add(lines(expected, `attributed ${dimension}`), [...of, value, currency], {
          ...{ orders: 1, cancelled: isCancelled ? 1 : 0 },
          units: sold.reduce((sum, item) => sum + unitsOf(item), 0),
          netTotal: addDecimals('0', ...sold.flatMap(worthOf)),
        })
      }
    }
  }
  return expected
}

const unitsOf = (item: Fields): number => Number(item['currentQuantity'] ?? item['quantity'] ?? 0)

/** The price as often as there are units, less the discount. */
const worthOf = (item: Fields): string[] => [
  ...Array.from({ length: unitsOf(item) }, () => text(item['price']) ?? '0'),
  negative(addDecimals(text(item['totalDiscount']) ?? '0')),
]
const negative = (amount: string): string =>
  amount === '0' ? '0' : amount.startsWith('-') ? amount.slice(1) : `-${amount}`

/** What the shop's words mean to the catalogue, where that is another word. */
const meanings: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ havana: 'tortoise', crystal: 'transparent', rosé: 'pink', olive: 'green', 'schwarz/matt': 'black' },
    ...{ 'stainless steel': 'stainless-steel', 'tr-90': 'nylon', 'single vision': 'single-vision', plano: 'demo' },
  }),
)

function frameIn(fields: Fields): Frame {
  const known = frameDimensions.flatMap((name) => {
    const value = text(fields[name])?.trim().toLowerCase()
    return value ? [[name, meanings.get(value) ?? value]] : []
  })
  return Object.fromEntries(known)
}
