/** A part of an answer; numbers are lossless. */
export type Tree = Readonly<Record<string, unknown>>

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value)

export const treeIn = (value: unknown): Tree | undefined => (isTree(value) ? value : undefined)

export const textIn = (tree: Tree | undefined, field: string): string | undefined => {
  const value = tree?.[field]
  return typeof value === 'string' ? value : undefined
}

/** The objects of a list; what is none (`null` among `nodes`) is left out. */
export const treesIn = (value: unknown): Tree[] =>
  Array.isArray(value) ? value.map(treeIn).filter((tree) => tree !== undefined) : []

/** Takes what lies at the path away, so that it counts as not stated; the rest stays as it is. */
export function without(value: unknown, path: readonly (string | number)[]): unknown {
  const [step, ...rest] = path
  if (step === undefined) return value
  if (Array.isArray(value)) return value.map((each, at) => (at === Number(step) ? without(each, rest) : each))
  const tree = treeIn(value)
  if (tree === undefined || !(step in tree)) return value
  if (rest.length > 0) return { ...tree, [step]: without(tree[step], rest) }
  const { [step]: _, ...kept } = tree
  return kept
}

/** One page of a list that Shopify gives in pages. */
export type Page = { readonly nodes: readonly Tree[]; readonly next: string | undefined }

/** The page under `field`; undefined where there is none. `next` is the cursor to go on from. */
export function pageIn(tree: Tree | undefined, field: string): Page | undefined {
  const connection = treeIn(tree?.[field])
  if (connection === undefined) return undefined
  const info = treeIn(connection['pageInfo'])
  return {
    nodes: treesIn(connection['nodes']),
    next: info?.['hasNextPage'] === true ? textIn(info, 'endCursor') : undefined,
  }
}
