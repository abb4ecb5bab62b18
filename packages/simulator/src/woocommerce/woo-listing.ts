import type { Json, WooDocument } from './documents.ts'

/** A page of a listing, and how many there are in all. */
export type WooListing = { readonly rows: readonly Json[]; readonly total: number; readonly pages: number }

/**
 * What a listing answers for a query, as WooCommerce does: `modified_after` is read in the site's zone unless
 * `dates_are_gmt` says otherwise, and leaves out what was changed at that very second; `any` status does not mean the
 * trash; an `offset` counts more than a `page`; pages have ten rows, and a hundred at most.
 */
export function wooListing(documents: readonly WooDocument[], query: URLSearchParams): WooListing {
  const after = query.get('modified_after')
  const changed = query.get('dates_are_gmt') === 'true' ? 'date_modified_gmt' : 'date_modified'
  const included = query.get('include')?.split(',').map(Number)
  const status = query.get('status') ?? 'any'
  const found = documents
    .filter((each) => (status === 'any' ? each['status'] !== 'trash' : each['status'] === status))
    .filter(({ id }) => included === undefined || included.includes(id))
    .filter((each) => after === null || String(each[changed] ?? '') > after)
    .toSorted(byIdOrAge(query))
  const perPage = Math.min(100, Number(query.get('per_page') ?? 10))
  const first = Number(query.get('offset') ?? (Number(query.get('page') ?? 1) - 1) * perPage)
  const fields = query.get('_fields')?.split(',')
  return {
    rows: found.slice(first, first + perPage).map((each) => picked(each, fields)),
    ...{ total: found.length, pages: Math.ceil(found.length / perPage) },
  }
}

/** Without `orderby` the newest come first. */
function byIdOrAge(query: URLSearchParams): (one: WooDocument, other: WooDocument) => number {
  const sign = query.get('order') === 'asc' ? 1 : -1
  const age = (of: WooDocument) => String(of['date_created_gmt'] ?? '')
  const byAge = query.get('orderby') !== 'id'
  return (one, other) => sign * ((byAge ? age(one).localeCompare(age(other)) : 0) || one.id - other.id)
}

const picked = (document: WooDocument, fields: readonly string[] | undefined): Json =>
  fields === undefined
    ? document
    : Object.fromEntries(Object.entries(document).filter(([name]) => fields.includes(name)))
