/** What decides under whose id a document stands: the first that was made, by ms, and of those the smallest id. */
export type Seniority = { readonly id: string; readonly createdAt: number | null }

export function bySeniority(one: Seniority, other: Seniority): number {
  const [at, otherAt] = [one.createdAt ?? Number.POSITIVE_INFINITY, other.createdAt ?? Number.POSITIVE_INFINITY]
  if (at !== otherAt) return at < otherAt ? -1 : 1
  return one.id < other.id ? -1 : 1
}
