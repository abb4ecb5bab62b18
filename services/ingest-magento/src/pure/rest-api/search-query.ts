/** A condition on a column, in Magento's words. */
export type Condition = {
  readonly field: string
  readonly is: 'eq' | 'gt' | 'gteq' | 'in'
  readonly value: string
}

export type Search = {
  /** All of them must hold; of the conditions in one, any. */
  readonly groups: readonly (readonly Condition[])[]
  /** Columns, ascending. */
  readonly sort?: readonly string[]
  /** From 1. */
  readonly page: number
  /** Rows asked for. */
  readonly size: number
  /** Which parts of the answer are wanted, as Magento's `fields` says it; all unless given. */
  readonly fields?: string
}

/** The query of a search. A page size is always named: without one Magento answers with everything there is. */
export function searchQuery({ groups, sort = [], page, size, fields }: Search): string {
  const filters = groups.flatMap((group, at) =>
    group.flatMap(({ field, is, value }, index): [string, string][] => {
      const filter = `searchCriteria[filter_groups][${at}][filters][${index}]`
      return [
        [`${filter}[field]`, field],
        [`${filter}[value]`, value],
        [`${filter}[condition_type]`, is],
      ]
    }),
  )
  const sorts = sort.flatMap((field, at): [string, string][] => [
    [`searchCriteria[sortOrders][${at}][field]`, field],
    [`searchCriteria[sortOrders][${at}][direction]`, 'ASC'],
  ])
  const paging: [string, string][] = [
    ['searchCriteria[pageSize]', String(size)],
    ['searchCriteria[currentPage]', String(page)],
  ]
  const parts: [string, string][] = fields === undefined ? [] : [['fields', fields]]
  return new URLSearchParams([...filters, ...sorts, ...paging, ...parts]).toString()
}

/** A row's place in the order of change: the store's time of it, whole seconds in epoch ms, and its id. */
export type Place = { readonly at: number; readonly id: string }

/** Rows after a place, in the order of change: later ones, and of the same second those with a larger id. */
export function changedAfter({ at, id }: Place): Pick<Search, 'groups' | 'sort'> {
  const time = utcText(at)
  const later: Condition = { field: 'updated_at', is: 'gt', value: time }
  return {
    groups: [[{ field: 'updated_at', is: 'gteq', value: time }], [later, { field: 'entity_id', is: 'gt', value: id }]],
    sort: ['updated_at', 'entity_id'],
  }
}

/** Rows with a larger id, by id. */
export const idsAfter = (id: string): Pick<Search, 'groups' | 'sort'> => ({
  groups: [[{ field: 'entity_id', is: 'gt', value: id }]],
  sort: ['entity_id'],
})

/** UTC to the second, as Magento writes its times. */
const utcText = (at: number): string => new Date(Math.max(0, at)).toISOString().slice(0, 19).replace('T', ' ')

/** Which of some rows there are, and nothing more of them. */
export const whichOf = (ids: readonly string[], idField: 'entity_id' | 'id'): Search => ({
  groups: [[{ field: 'entity_id', is: 'in', value: ids.join(',') }]],
  ...{ page: 1, size: ids.length, fields: `items[${idField}],total_count` },
})
