import type { Check } from '../../runner.ts'
import type { ShopsContext } from '../open-shops.ts'
import type { WooDocument } from '../shelf.ts'
import { wooStores } from '../stores.ts'
import { wooOrder } from '../woo-order.ts'
import { permutations } from './permutations.ts'
import { postWoo } from './post-woo.ts'
import { wooProduct } from './woo-product.ts'

type Resource = 'order' | 'product'
type Step = 'deleted' | 'restored'

/** One entity, what befalls it, in which order that arrives, and how far the shop's own state has run ahead by then. */
type Life = {
  readonly resource: Resource
  readonly id: number
  readonly steps: readonly Step[]
  readonly arrival: readonly number[]
  /** Steps that the shop is ahead of what arrives; at the end of its life where it is late. */
  readonly ahead: number
}

const lives: readonly (readonly Step[])[] = [
  ['deleted', 'restored', 'deleted'],
  ['deleted', 'restored', 'deleted', 'restored'],
]
const documents = { order: wooOrder, product: wooProduct }
const entities = { order: 'orders', product: 'products' } as const

/** Trash hooks say `{"id": N}` and nothing else: two of them are the same bytes under the same delivery id. */
export const livesInAnyOrder: Check<ShopsContext> = {
  title:
    'two identical {"id":N} deletions with a restore between them, in every order and however late: the last one counts',
  async run(context) {
    const { shops, settled, db } = context
    const all = [...allLives()]
    const show = (life: Life, step: number) =>
      shops.lives.put(entities[life.resource], documentAt(life, Math.min(step, life.steps.length)))
    for (const life of all) {
      show(life, 0)
      await postWoo(
        context,
        `${life.resource}.${life.resource === 'order' ? 'created' : 'updated'}`,
        documentAt(life, 0),
      )
    }
    // Step by step, all lives side by side: what is asked about a deletion is asked before the shop lives on.
    for (let turn = 0; turn < 4; turn += 1) {
      for (const life of all) {
        const step = life.arrival[turn]
        if (step === undefined) continue
        show(life, step + 1 + life.ahead)
        const says = life.steps[step] ?? 'deleted'
        const body = says === 'deleted' ? { id: life.id } : documentAt(life, step + 1)
        await postWoo(context, `${life.resource}.${says}`, body)
      }
      await settled()
    }

    const { merchantId, storeId } = wooStores.lives
    const wrong: string[] = []
    for (const life of all) {
      const _id = `${merchantId}|woocommerce|${storeId}|${life.id}`
      const found = await db.collection<{ _id: string; deleted?: boolean }>(entities[life.resource]).findOne({ _id })
      const wanted = life.steps.at(-1) === 'deleted'
      if (found === null || (found.deleted === true) !== wanted) {
        wrong.push(`${nameOf(life)}: ${found === null ? 'not there' : found.deleted ? 'deleted' : 'alive'}`)
      }
    }
    const count = (steps: readonly Step[]) => all.filter((life) => life.steps.length === steps.length).length
    return {
      holds: wrong.length === 0,
      figures: [
        ...lives.map(
          (steps) => `${steps.join(', ')}: ${count(steps)} orders and products, each in an order of its own`,
        ),
        `${all.length - wrong.length} of ${all.length} ended as they had to`,
        ...wrong.slice(0, 5).map((life) => `wrong: ${life}`),
      ],
    }
  },
}

/** Every order of arrival at a shop that is at its end by then; and the right order, the shop ahead by ever more. */
function* allLives(): Generator<Life> {
  let id = 500_000
  for (const resource of ['order', 'product'] as const) {
    for (const steps of lives) {
      const inOrder = [...steps.keys()]
      for (const arrival of permutations(inOrder)) yield { resource, id: ++id, steps, arrival, ahead: steps.length }
      for (const ahead of inOrder) yield { resource, id: ++id, steps, arrival: inOrder, ahead }
    }
  }
}

const nameOf = ({ resource, steps, arrival, ahead }: Life): string =>
  `${resource} ${steps.join(', ')}, arriving as ${arrival.map((step) => step + 1).join(', ')}, the shop ${ahead} ahead`

/** After so many steps of its life, an hour each. */
function documentAt({ resource, id, steps }: Life, step: number): WooDocument {
  const isGone = steps[step - 1] === 'deleted'
  const status = isGone ? 'trash' : resource === 'order' ? 'processing' : 'publish'
  return documents[resource](id, { status }, `2026-11-02T${String(10 + step).padStart(2, '0')}:00:00`)
}
