import type { Moment } from '../moment.ts'
import { type Fact, listFact, listOf, readShape, type Shape } from './shape.ts'

/** Of each fact the present run: what is stated, and the first statement since which nothing else was. */
export type Runs = ReadonlyMap<Fact, Run>
export type Run = {
  readonly digest: string
  readonly moment: Moment
  /** The first statement's time for comparisons across stores, in ms. */
  readonly at: number
}

/** The runs after some statements, given in ascending order. A statement that is silent on a fact ends no run. */
export function runsAfter(
  runs: Runs,
  statements: readonly { readonly moment: Moment; readonly at: number; readonly shape: Shape }[],
): Runs {
  if (statements.length === 0) return runs
  const next = new Map(runs)
  for (const { moment, at, shape } of statements) {
    const { facts, whole } = readShape(shape)
    const stated = new Map(facts)
    for (const field of whole) end(next, (fact) => fact.startsWith(listFact(field)) && !stated.has(fact))
    for (const [fact, digest] of facts) {
      if (next.get(fact)?.digest === digest) continue
      endOtherForm(next, fact)
      next.set(fact, { digest, moment, at })
    }
  }
  return next
}

/** A list is compared either as one or by element: what is stated in one form ends the runs of the other. */
function endOtherForm(runs: Map<Fact, Run>, fact: Fact): void {
  const list = listOf(fact)
  if (list === undefined) return
  if (fact === list) end(runs, (other) => other !== list && other.startsWith(list))
  else runs.delete(list)
}

function end(runs: Map<Fact, Run>, isOver: (fact: Fact) => boolean): void {
  for (const fact of runs.keys()) if (isOver(fact)) runs.delete(fact)
}
