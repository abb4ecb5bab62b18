import { isIdPart, recordId } from '@varai/schemas'
import type { ListState } from './fold/keyed-list.ts'

/** What is asked of a record to know its parts. */
export type MayHaveParts = {
  readonly kind: { readonly parts?: string }
  readonly merchantId: string
  readonly platform: string
  readonly storeId: string
  readonly platformId: string
  readonly lists: Readonly<Record<string, ListState>>
}

/**
 * Platforms that number a product's variants together with the products: who deletes a variant there names its id alone,
 * and nobody can tell from that what it was.
 */
const numberedTogether: ReadonlySet<string> = new Set(['woocommerce', 'magento'])

/** Whether the id of such a record may be that of another record's part. */
export const mayBePart = ({ platform, kind }: Pick<MayHaveParts, 'platform' | 'kind'>): boolean =>
  kind.parts === 'variants' && numberedTogether.has(platform)

/**
 * The parts that were taken out of a record by deletions of their own, likewise by their ids: as long as such a deletion
 * counts, whoever tells of it again finds the record by it.
 */
export function buriedPartIds(record: MayHaveParts): Map<string, string> {
  const { kind, platformId, lists } = record
  const parts = kind.parts === undefined || !mayBePart(record) ? [] : (lists[kind.parts]?.gone.keys() ?? [])
  return new Map(
    [...parts].flatMap((part) => (part === platformId || !isIdPart(part) ? [] : [[idOf(record, part), part]])),
  )
}

const idOf = ({ merchantId, platform, storeId }: MayHaveParts, part: string): string =>
  recordId({ merchantId, source: platform, storeId, entityId: part })

/**
 * The parts that a record lists, by the id of the record that each would be if it were an entity by itself. A product
 * without variants is its own only one, and stands for itself.
 */
export function partIds(record: MayHaveParts): Map<string, string> {
  const ids = new Map<string, string>()
  const { kind, platformId, lists } = record
  if (kind.parts === undefined || !mayBePart(record)) return ids
  for (const [part, { value }] of lists[kind.parts]?.elements ?? []) {
    if (value['id'] !== part || part === platformId) continue
    ids.set(idOf(record, part), part)
  }
  return ids
}
