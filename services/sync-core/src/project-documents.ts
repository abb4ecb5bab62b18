import type { PublishChanges, Unpublished } from './changes/publish-changes.ts'
import type { Plain } from './pure/plain.ts'
import type { DecisionAbout } from './pure/policy/decide.ts'
import { type DocumentWrite, type Making, type Node, type Plan, planGroup } from './pure/project/plan.ts'
import { type GroupSource, readGroups } from './read-groups.ts'

export type DocumentTarget<C> = {
  /** Applies each write whose guard still holds; returns the ids of the others. */
  readonly write: (writes: readonly DocumentWrite<C>[]) => Promise<ReadonlySet<string>>
}

/** A node of a batch, and the keys it shares with others as far as the batch knows. */
export type Touched = { readonly id: string; readonly keys: readonly string[] }

/** How one merchant's documents are made, by a policy that is at least as new as the one they were made by before. */
export type MakingFor<N, C> = (merchantId: string, atLeast: number) => Promise<Making<N, C>>

/** So many lost guards in a row are no race any more. */
const attempts = 40

/**
 * Brings canonical documents up to date: those of the touched nodes (customer records; variants of product records), of
 * everything they are one with, and of everything they no longer are one with.
 *
 * **Guarantee.** When no more records are saved, and every node was in a call that began after its record's last save
 * and resolved, all documents are what their components say. It holds with any number of projectors at once, also
 * such that were delayed for any time, that nobody waits for any more, or that die between any two writes.
 *
 * **Why.** A document lists in `inputs` the version of each node it was made from, and in `reach` all nodes it may
 * concern. It is *behind* while its inputs lack the present version of its own node. A group (nodes connected by
 * evidence or reach) is written in this order, each write guarded by the document's own `rev`:
 * 1. one document that is behind opens the group: its reach becomes the whole group, and it stays behind;
 * 2. all others are written, also those that were right, so that slower projectors lose their guards;
 * 3. the first one is written, and is no longer behind.
 *
 * Guards are read before records, so a write that applies is based on records not older than those of the write it
 * replaces (a). From (a) follows: at every moment, a group with a wrong document also has one that is behind (b). For
 * take a wrong document in a group without one, written from records of which one, b, was saved since. Whoever then
 * brought b's document up to date saw the wrong document (it reaches b), and wrote it before it wrote the one that
 * opened the group, which is the last to stop being behind. Or the wrong document was written later: then its own
 * projector had opened the group before, by a document that is behind and reaches b; who removed that reach first wrote
 * all others of the group, so the wrong write had lost its guard. After the last saves every record's call has left its
 * document not behind, and by (a) it stays so. So nothing is behind, and by (b) nothing is wrong.
 *
 * **Verdicts** and sessions are read with the node that they concern, after the guards, and stand in its input (`beside`);
 * who keeps one calls with its nodes afterwards. So keeping one is as saving a record: the nodes' documents are behind
 * from then on. Both records of a verdict share a key, so they are connected while it counts, whatever it says; when it
 * no longer does, their documents reach each other until they were made without it.
 *
 * **Crowds.** A key that too many have connects nobody. Documents that were made before bear its mark in their reach, and
 * are connected with whoever has the key now: those who came and made it a crowd, whose documents are behind. Documents
 * that were made after bear another mark, which finds nobody: a node that has the key no more is behind, and connected by
 * that mark with whoever still has it, once these are few enough. A node that came and left before its document was ever
 * made has none: for these, crowds are looked into now and then (look-into-crowds.ts).
 *
 * **Changes.** Each write that changes what a document says stores the change with it. A call resolves when Kafka has
 * every change that it stored, and every one that it found in the documents it read: whoever stored it may have died.
 */
export function createProjector<N extends Node, C extends Plain>(deps: {
  /** Where the documents lie. */
  readonly name: string
  readonly source: GroupSource<N>
  readonly target: DocumentTarget<C>
  readonly makingFor: MakingFor<N, C>
  /** Operators' decisions about any of some nodes. */
  readonly decisions: { readonly about: (ids: readonly string[]) => Promise<readonly DecisionAbout[]> }
  readonly changes: Pick<PublishChanges, 'publish' | 'unacknowledged'>
  /** Waits a little, longer at each attempt, so that two projectors do not lose their guards to each other for ever. */
  readonly pause: (attempt: number) => Promise<void>
}) {
  const source: GroupSource<N> = {
    ...deps.source,
    async reaching(ids) {
      const found = await deps.source.reaching(ids)
      return found.map((held) => ({ ...held, pending: deps.changes.unacknowledged(held.id, held.pending) }))
    },
  }

  /**
   * Resolves when all groups of the touched nodes are right and their changes told; throws when the database or Kafka is
   * away or races do not end.
   */
  return async function project(touched: readonly Touched[]): Promise<void> {
    let open = touched.map(({ id }) => id)
    let hints = touched.flatMap(({ keys }) => keys)
    const unpublished = new Map<string, Unpublished>()
    for (let attempt = 1; open.length > 0; attempt += 1) {
      if (attempt > attempts) throw new Error(`${deps.name}: guards were lost ${attempts} times in a row`)
      if (attempt > 1) await deps.pause(attempt)
      const { groups, held } = await readGroups(source, open, hints)
      // not those that have nothing to tell: whole documents would stay in memory
      for (const found of held.values()) if (found.pending.length > 0) unpublished.set(found.id, found)
      const newest = Math.max(0, ...[...held.values()].map(({ policy }) => policy))
      // read after the guards, as nodes are: whoever decides makes the documents anew afterwards
      const nodes = groups.flatMap(({ components }) => components.flat().map(({ id }) => id))
      const decided = (await deps.decisions.about(nodes)).filter(({ collection }) => collection === deps.name)
      const plans: Plan<C>[] = []
      for (const { merchantId, components, crowded } of groups) {
        const making = await deps.makingFor(merchantId, newest)
        plans.push(...[planGroup(components, held, making, decided, crowded) ?? []].flat())
      }
      open = await carryOut(plans, deps.target, (written) => {
        if (written.pending.length > 0) unpublished.set(written.id, written)
        else unpublished.delete(written.id)
      })
      hints = []
    }
    await deps.changes.publish([...unpublished.values()])
  }
}

/** Carries plans out side by side, step by step; returns all nodes of the groups that lost a guard. */
async function carryOut<C>(
  plans: readonly Plan<C>[],
  target: DocumentTarget<C>,
  onWritten: (written: Unpublished) => void,
): Promise<string[]> {
  const lost = new Set<Plan<C>>()
  const steps: ((plan: Plan<C>) => readonly DocumentWrite<C>[])[] = [
    ({ first }) => (first === undefined ? [] : [first]),
    ({ others }) => others,
    ({ last }) => [last],
  ]
  for (const step of steps) {
    const writes = plans.filter((plan) => !lost.has(plan)).map((plan) => ({ plan, writes: step(plan) }))
    const all = writes.flatMap((each) => each.writes)
    if (all.length === 0) continue
    const refused = await target.write(all)
    for (const each of writes) if (each.writes.some(({ id }) => refused.has(id))) lost.add(each.plan)
    for (const write of all) {
      if (write.what === 'document' && !refused.has(write.id)) onWritten(unpublishedOf(write))
    }
  }
  return [...lost].flatMap(({ ids }) => ids)
}

const unpublishedOf = <C>({
  id,
  guard,
  document: { merchantId, version, pending, image },
}: Extract<DocumentWrite<C>, { readonly what: 'document' }>): Unpublished => ({
  ...{ id, merchantId, version, pending, image },
  rev: (guard ?? 0) + 1,
})
