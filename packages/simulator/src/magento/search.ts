import type { MagentoDocument, MagentoJson } from './documents.ts'

export type Condition = { readonly field: string; readonly value: string; readonly type: string }
export type Criteria = {
  /** Alternatives, all of which lists must hold. */
  readonly groups: readonly (readonly Condition[])[]
  readonly sort: readonly { readonly field: string; readonly descending: boolean }[]
  readonly pageSize: number | undefined
  readonly currentPage: number
}

/** What a query says in `searchCriteria[…]`, in PHP's brackets. Numbers of groups and filters only tell them apart. */
export function criteriaOf(query: URLSearchParams): Criteria {
  const groups = new Map<string, Map<string, Record<string, string>>>()
  const sorts = new Map<string, Record<string, string>>()
  const pages: Record<string, string> = {}
  for (const [name, value] of query) {
    const keys = [...name.matchAll(/\[([^\]]*)\]/g)].map(([, key = '']) => key)
    const [head = '', one = '', , two = '', leaf = ''] = keys
    if (/^filter_?groups$/i.test(head)) {
      const group = groups.get(one) ?? new Map()
      groups.set(one, group)
      group.set(two, { ...group.get(two), [leaf]: value })
    } else if (head === 'sortOrders') sorts.set(one, { ...sorts.get(one), [keys[2] ?? '']: value })
    else if (/^searchCriteria/.test(name)) pages[head] = value
  }
  const size = Number(pages['pageSize'] ?? pages['page_size'] ?? Number.NaN)
  return {
    groups: [...groups.values()].map((group) =>
      [...group.values()].map(({ field = '', value = '', condition_type = 'eq' }) => ({
        ...{ field, value, type: condition_type },
      })),
    ),
    sort: [...sorts.values()].map(({ field = '', direction = 'DESC' }) => ({
      ...{ field, descending: direction.toUpperCase() === 'DESC' },
    })),
    pageSize: Number.isInteger(size) && size > 0 ? size : undefined,
    currentPage: Math.max(1, Number(pages['currentPage'] ?? pages['current_page'] ?? 1)),
  }
}

/**
 * The rows of a page, and how many there are in all. Without a page size it is everything. Past the end most listings
 * say the last page again; the one of products says nothing.
 */
export function search(rows: readonly MagentoDocument[], criteria: Criteria, repeatsLastPage: boolean) {
  const { groups, sort, pageSize } = criteria
  const found = rows
    .filter((row) =>
      groups.every((group) => group.some((condition) => holds(fieldOf(row, condition.field), condition))),
    )
    .toSorted((one, other) => {
      for (const { field, descending } of sort) {
        const order = compare(fieldOf(one, field), String(fieldOf(other, field) ?? ''))
        if (order !== 0) return descending ? -order : order
      }
      return 0
    })
  if (pageSize === undefined) return { items: found, total: found.length }
  const last = Math.max(1, Math.ceil(found.length / pageSize))
  const page = repeatsLastPage ? Math.min(criteria.currentPage, last) : criteria.currentPage
  return { items: found.slice((page - 1) * pageSize, page * pageSize), total: found.length }
}

/** The column of a row; every table calls its own id `entity_id`, and some documents call it `id`. */
function fieldOf(row: MagentoDocument, field: string): MagentoJson | undefined {
  if (field === 'entity_id' && row['entity_id'] === undefined) return row['id']
  return row[field]
}

function compare(value: MagentoJson | undefined, other: string): number {
  if (typeof value === 'number') return value - Number(other)
  const text = String(value ?? '')
  return text < other ? -1 : text > other ? 1 : 0
}

function holds(value: MagentoJson | undefined, { type, value: wanted }: Condition): boolean {
  const isNothing = value === undefined || value === null
  switch (type) {
    case 'null':
      return isNothing
    case 'notnull':
      return !isNothing
    case 'neq':
      return isNothing || compare(value, wanted) !== 0
    case 'nin':
      return !wanted.split(',').some((each) => compare(value, each) === 0)
    default:
      return !isNothing && holdsOf(value, type, wanted)
  }
}

function holdsOf(value: MagentoJson, type: string, wanted: string): boolean {
  switch (type) {
    case 'eq':
      return compare(value, wanted) === 0
    case 'gt':
      return compare(value, wanted) > 0
    case 'gteq':
    case 'from':
    case 'moreq':
      return compare(value, wanted) >= 0
    case 'lt':
      return compare(value, wanted) < 0
    case 'lteq':
    case 'to':
      return compare(value, wanted) <= 0
    case 'in':
      return wanted.split(',').some((each) => compare(value, each) === 0)
    case 'like':
      return new RegExp(
        `^${wanted
          .split('%')
          .map((text) => text.replaceAll(/[^\w\s]/g, '\\$&'))
          .join('.*')}$`,
        'is',
      ).test(String(value))
    default:
      throw new RangeError(`unknown condition: ${type}`)
  }
}
