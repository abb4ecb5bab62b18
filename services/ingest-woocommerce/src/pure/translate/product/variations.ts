import { read, type Statement, type Translation } from '@varai/ingest/pure'
import type { EventName } from '@varai/schemas'
import { readVariant } from './variant.ts'

/** Whether a product's document leaves out what it costs, because its variations say so. */
export const hasVariations = (document: unknown): boolean =>
  read(document).optionalText('type')?.toLowerCase().includes('variable') === true

/**
 * All variations of one product, as their listing has them (neither a type nor the product stands in them) → what the
 * product states as the event `eventName`: these variants and no others, as of `at` (epoch ms).
 */
export function translateVariations(
  eventName: EventName,
  of: { readonly productId: string; readonly at: number; readonly variations: readonly unknown[] },
): Translation<Statement[]> {
  const { productId, at } = of
  const listing = read({ variations: of.variations })
  const variants = listing.list('variations').map((variation) => readVariant(variation))
  return listing.result([
    {
      record: 'ProductStated',
      ...{ eventName, entityId: productId, platformAt: at },
      facts: { variants, complete: { variants: true } },
    },
  ])
}
