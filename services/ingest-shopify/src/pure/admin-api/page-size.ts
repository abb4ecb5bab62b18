/**
 * The page size to try when a query of pages of `size` cost more than one query may: in proportion, with some room, since
 * a part of the cost does not depend on the size. Undefined when a smaller one is not possible.
 */
export function lowerPageSize(size: number, { cost, limit }: { cost: number; limit: number }): number | undefined {
  if (size <= 1) return undefined
  const fitting = cost > 0 ? Math.floor(size * (limit / cost) * 0.9) : 0
  return Math.min(Math.max(1, fitting), size - 1)
}
