import { GraphQLError } from 'graphql'

export type PageArguments = { readonly first?: number | null; readonly after?: string | null }
export type Connection<T> = { nodes: T[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } }

/** Most that one connection gives at once, as Shopify has it. */
const longestPage = 250

/** One page of a list. The cursor says where the page before ended. */
export function connection<T>(items: readonly T[], { first, after }: PageArguments): Connection<T> {
  if (first == null) throw new GraphQLError('you must provide one of first or last')
  if (first < 1 || first > longestPage) throw new GraphQLError(`first must be between 1 and ${longestPage}`)
  const start = after == null ? 0 : position(after) + 1
  const nodes = items.slice(start, start + first)
  return {
    nodes,
    pageInfo: {
      hasNextPage: start + first < items.length,
      endCursor: nodes.length === 0 ? null : cursor(start + nodes.length - 1),
    },
  }
}

/** The first of a list that knows no further pages. */
export const firstOf = <T>(items: readonly T[], { first }: PageArguments): T[] => items.slice(0, first ?? items.length)

/** How many objects of a path a cursor lies behind. */
export const behind = (after: string | null | undefined): number => (after == null ? 0 : position(after) + 1)

const cursor = (at: number): string => Buffer.from(`at:${at}`).toString('base64url')

function position(text: string): number {
  const at = Number(/^at:(\d+)$/.exec(Buffer.from(text, 'base64url').toString())?.[1] ?? Number.NaN)
  if (Number.isNaN(at)) throw new GraphQLError(`Invalid cursor for current pagination sort: ${text.slice(0, 40)}`)
  return at
}
