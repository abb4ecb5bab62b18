import { setTimeout as after } from 'node:timers/promises'
import { errorText, type Logger } from '@varai/runtime'
import type { CanonicalStore } from '../canonical-store.ts'
import type { Policies } from '../policy/policies.ts'
import type { Project } from '../projections.ts'
import { isDeleted } from '../pure/fold/existence.ts'
import { customerKind, productKind } from '../pure/kinds.ts'
import { answerAsked } from '../pure/policy/answer-asked.ts'
import type { Member } from '../pure/policy/candidate.ts'
import { concerning } from '../pure/policy/decide.ts'
import { documents, fieldGroups } from '../pure/policy/field-groups.ts'
import { rulesFor } from '../pure/policy/policy.ts'
import { settle } from '../pure/policy/settle.ts'
import { memberOf as memberOfOffer, offersOf, recordOfOffer } from '../pure/project/offer.ts'
import { memberOf as memberOfPerson } from '../pure/project/user.ts'
import type { RecordStore } from '../record-store.ts'
import type { DecisionStore, Question } from './decision-store.ts'

export type AnswerDeps = {
  readonly decisions: DecisionStore
  readonly records: Pick<RecordStore, 'loadMany'>
  readonly users: Pick<CanonicalStore<never>, 'reaching'>
  readonly catalog: Pick<CanonicalStore<never>, 'reaching'>
  readonly policies: Policies
  readonly project: Project
}

const kindOf = { users: customerKind, catalog: productKind } as const

/**
 * Answers what operators asked: decides or refuses, and makes every document anew that a decision concerns. Safe to
 * kill, to repeat, and to run in many processes: a question is answered once, and a decision counts from then on,
 * whoever shows it. Returns how many there were.
 */
export function createAnswerQuestions(deps: AnswerDeps) {
  const { decisions, records, policies } = deps

  return async function answerQuestions(): Promise<number> {
    const { questions, unshown } = await decisions.open(100)
    for (const question of questions) await answer(question)
    const decided = questions.length === 0 ? unshown : (await decisions.open(100)).unshown
    for (const { id, collection, about } of decided) {
      const kind = documents.find((name) => name === collection)
      if (kind === undefined) continue
      const touched = await records.loadMany(kindOf[kind], [...new Set(about.map(recordOfOffer))])
      await deps.project([{ kind: kindOf[kind], records: [...touched.values()] }])
      await decisions.shown(id)
    }
    return questions.length + decided.length
  }

  async function answer({ id, collection: named, documentId, group: asks, version, asked }: Question): Promise<void> {
    const refuse = (reason: string) => decisions.refuse(id, reason)
    const collection = documents.find((name) => name === named)
    const group =
      collection && fieldGroups[collection].find(({ name, fields }) => name === asks || fields.includes(asks))
    if (collection === undefined || group === undefined) return refuse(`${named} have no field ${asks}`)
    if (asked === undefined) return refuse('what is asked cannot be read')
    const document = (await deps[collection].reaching([documentId])).find((held) => held.id === documentId)
    if (document === undefined) return refuse('there is no such document')
    const { redirectTo, members: ids } = document.image()
    if (typeof redirectTo === 'string') return refuse(`it is one with ${redirectTo} now`)
    if (document.version !== version) return refuse(`it changed meanwhile: it is at version ${document.version}`)
    const members = await livingMembers(collection, Array.isArray(ids) ? ids.map(String) : [])
    if (members.length === 0) return refuse('no store has it any more')
    const policy = await policies.atLeast(document.policy)
    const rules = rulesFor(policy, collection, document.merchantId).filter(({ group: { name } }) => name === group.name)
    if (rules.some(({ rule }) => rule.strategy === 'per_store')) return refuse(`each store keeps its own ${group.name}`)
    const about = members.map((member) => member.id)
    const [settled] = settle(members, rules, concerning(await decisions.about(about), members))
    const said = answerAsked(asked, group, members, settled?.values ?? {})
    if (!said.ok) return refuse(said.reason)
    await decisions.decide(id, { group: group.name, says: said.says, about })
  }

  async function livingMembers(collection: 'users' | 'catalog', ids: readonly string[]): Promise<Member[]> {
    const found = await records.loadMany(kindOf[collection], [...new Set(ids.map(recordOfOffer))])
    const all = [...found.values()]
    return collection === 'users'
      ? all.filter(({ existence }) => !isDeleted(existence)).map(memberOfPerson)
      : all
          .flatMap(offersOf)
          .filter(({ id, living }) => living && ids.includes(id))
          .map(memberOfOffer)
  }
}

/** Answers until told to stop. */
export async function keepAnswering(
  answers: readonly (() => Promise<number>)[],
  options: { readonly stopping: AbortSignal; readonly log: Logger; readonly everyMs?: number },
): Promise<void> {
  const { stopping, log, everyMs = 1_000 } = options
  while (!stopping.aborted) {
    for (const answer of answers) {
      await answer().then(
        (answered) => answered > 0 && log.info({ answered }, 'decisions.answered'),
        // the database or Kafka is away: what is open stays open
        (error: unknown) => log.warn({ error: errorText(error) }, 'decisions.failed'),
      )
    }
    await after(everyMs, undefined, { signal: stopping }).catch(() => undefined)
  }
}
