import { type FrameFacts, frameFacts, type Reader } from '@varai/ingest/pure'

/**
 * Eyewear facts from a product's metafields in our namespace `varai`. Nothing is stated when the product came without
 * metafields; otherwise what is not among them is empty, because the subscription asks for the namespace as a whole.
 */
export function readFrame(product: Reader): { readonly facts: FrameFacts; readonly cleared: readonly string[] } {
  if (!product.states('metafields')) return { facts: {}, cleared: [] }
  const fields = new Map(
    product
      .list('metafields')
      .filter((field) => field.optionalText('namespace') === 'varai' && field.has('value'))
      .map((field) => [field.text('key'), field] as const),
  )
  const { facts, unstated, unreadable } = frameFacts((name) => fields.get(name)?.freeText('value'))
  for (const name of unreadable) fields.get(name)?.leaveOut('value')
  return { facts, cleared: unstated.filter((ours) => ours !== 'recommendedFaceShapes') }
}
