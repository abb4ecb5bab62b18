import type { Project } from '../projections.ts'
import { customerKind } from '../pure/kinds.ts'
import type { RecordStore } from '../record-store.ts'
import type { VerdictAsked, VerdictStore } from './verdict-store.ts'

/**
 * Answers who was said to be whom: keeps or refuses it, and makes the documents of both records anew. Safe to kill, to
 * repeat, and to run in many processes: a verdict counts from when it is kept, and stays open until documents show it.
 * Returns how many there were.
 */
export function createAnswerVerdicts(deps: {
  readonly verdicts: VerdictStore
  readonly records: Pick<RecordStore, 'loadMany'>
  readonly project: Project
}) {
  const { verdicts, records, project } = deps

  return async function answerVerdicts(): Promise<number> {
    const { asked, unshown } = await verdicts.open(100)
    for (const each of asked) {
      const reason = await refusalOf(each)
      await (reason === undefined ? verdicts.decide(each.id) : verdicts.refuse(each.id, reason))
    }
    const decided = asked.length === 0 ? unshown : (await verdicts.open(100)).unshown
    for (const { id, pair } of decided) {
      const held = await records.loadMany(customerKind, pair)
      await project([{ kind: customerKind, records: [...held.values()] }])
      await verdicts.shown(id)
    }
    return asked.length + decided.length
  }

  async function refusalOf({ pair, says }: VerdictAsked): Promise<string | undefined> {
    if (says === undefined) return 'what is said cannot be read'
    const [one, other] = pair
    if (one === other) return 'one record is always the same'
    const held = await records.loadMany(customerKind, pair)
    const missing = pair.find((id) => !held.has(id))
    if (missing !== undefined) return `there is no customer ${missing}`
    const merchants = new Set([...held.values()].map(({ merchantId }) => merchantId))
    return merchants.size > 1 ? 'they are of two merchants, who never share a person' : undefined
  }
}
