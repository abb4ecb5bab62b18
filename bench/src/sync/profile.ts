/** What of a CPU profile of V8 is read here. Times are microseconds of the machine's monotonic clock. */
export type CpuProfile = {
  readonly startTime: number
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string }
    readonly children?: readonly number[]
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

export type Share = { readonly name: string; readonly micros: number }

/** Where a frame's code belongs; undefined for what works for whoever called it: Node itself, and code made at run time. */
export type CategoryOf = (url: string) => string | undefined

/**
 * Time on the CPU between two moments, most first, by what the code that ran belongs to. Collecting garbage is a
 * category of its own; time without work is none.
 */
export function timeByCategory(
  { startTime, nodes, samples, timeDeltas }: CpuProfile,
  during: { readonly from: number; readonly to: number },
  categoryOf: CategoryOf,
): Share[] {
  const categories = categoriesOf(nodes, categoryOf)
  const shares = new Map<string, number>()
  let at = startTime
  for (const [index, id] of samples.entries()) {
    const took = timeDeltas[index] ?? 0
    at += took
    const category = categories.get(id)
    if (category === undefined || at < during.from || at > during.to) continue
    shares.set(category, (shares.get(category) ?? 0) + took)
  }
  return [...shares].map(([name, micros]) => ({ name, micros })).sort((one, other) => other.micros - one.micros)
}

const special: ReadonlyMap<string, string> = new Map([
  ['(garbage collector)', 'collecting garbage'],
  ['(program)', 'system calls and native code'],
])
const nobody = 'Node itself'

function categoriesOf(nodes: CpuProfile['nodes'], categoryOf: CategoryOf): Map<number, string> {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const categories = new Map<number, string>()
  const [root] = nodes
  const open: (readonly [number, string])[] = root === undefined ? [] : [[root.id, nobody]]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [id, callers] = next
    const node = byId.get(id)
    if (node === undefined) continue
    const { functionName, url } = node.callFrame
    const category = special.get(functionName) ?? categoryOf(url) ?? callers
    if (functionName !== '(idle)') categories.set(id, category)
    for (const child of node.children ?? []) open.push([child, category])
  }
  return categories
}
