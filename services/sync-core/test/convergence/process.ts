import { createLog } from '@varai/runtime'
import type { AskStores } from '../../src/ask-stores.ts'
import { sweepChanges } from '../../src/changes/keep-told.ts'
import { createAnswerQuestions } from '../../src/decisions/answer-questions.ts'
import { createAnswerVerdicts } from '../../src/decisions/answer-verdicts.ts'
import { createEraseStores } from '../../src/erasures/erase-stores.ts'
import { createFoldInto } from '../../src/fold-into.ts'
import { createLookIntoCrowds } from '../../src/look-into-crowds.ts'
import { openPolicies } from '../../src/policy/policies.ts'
import { createProjections } from '../../src/projections.ts'
import type { Event } from '../../src/pure/admit.ts'
import type { Policy } from '../../src/pure/policy/policy.ts'
import { createReapply } from '../../src/re-apply-policy.ts'
import { createResolveParts } from '../../src/resolve-parts.ts'
import { applierOver, changesOf, recordChangesOf, type ToldChange } from '../apply.ts'
import { decoded } from '../events.ts'
import type { Ground } from './ground.ts'

const log = createLog({ service: 'test', level: 'silent' })
const anHour = 3_600_000
const atOnce = async () => undefined
const running = new AbortController().signal

/** What one process of the service does. */
export type Process = {
  apply(events: readonly Event[]): Promise<void>
  /** Answers operators' questions, and shows what was decided. */
  answer(): Promise<void>
  /** Makes everything anew by the policy in force. */
  reapply(): Promise<void>
  /** Takes what was told out of the documents. */
  clear(): Promise<void>
  /** Erases stores of which that was asked. */
  eraseStores(): Promise<void>
  /** Looks whether crowds are still crowds. */
  look(): Promise<void>
  /** Tells whatever others left behind. */
  sweep(): Promise<void>
}

/** A process as main.ts wires it, started with a policy; `tell` stands for Kafka, `ask` for the fetch topics. */
export async function openProcess(
  { stores, decisions, policies: store, leases }: Ground,
  options: {
    readonly policy: Policy
    readonly tell: (change: ToldChange) => Promise<void>
    readonly ask: AskStores
    /** So many share an address or a number, and it joins nobody. */
    readonly most: number | undefined
  },
): Promise<Process> {
  const policies = await openPolicies(options.policy, { store, log })
  const changes = changesOf(stores, options.tell)
  const tellRecords = recordChangesOf(options.tell)
  const { most } = options
  const project = createProjections({
    ...{ ...stores, policies, decisions, changes, pause: atOnce },
    ...(most === undefined ? {} : { most }),
  })
  const apply = applierOver(
    stores,
    atOnce,
    policies,
    options.ask,
    changes,
    decisions,
    atOnce,
    tellRecords,
    undefined,
    project,
  )
  const answer = createAnswerQuestions({ ...stores, decisions, policies, project })
  const answerVerdicts = createAnswerVerdicts({ ...stores, project })
  const madeBefore = { users: stores.users.madeBefore, catalog: stores.catalog.madeBefore }
  const lookIntoCrowds = createLookIntoCrowds({ ...stores, project })
  const reapply = createReapply({
    ...{ records: stores.records, madeBefore, project, lookIntoCrowds, policies, leases, log },
    pageSize: 5,
  })
  const foldInto = createFoldInto({
    ...{ records: stores.records, changes: tellRecords, ask: options.ask },
    ...{ pause: atOnce, resolveParts: createResolveParts(stores.records) },
  })
  const eraseStores = createEraseStores({
    ...{ ...stores, foldInto, project, changes: tellRecords, leases, log, pageSize: 3 },
    ...{ copySessions: atOnce, tidy: atOnce, confirm: atOnce },
  })
  return {
    async eraseStores() {
      await eraseStores(running)
    },
    async apply(events) {
      await apply(events.map(decoded))
    },
    async answer() {
      while ((await answer()) + (await answerVerdicts()) > 0);
    },
    async reapply() {
      await reapply(running)
    },
    async clear() {
      for (const collection of ['users', 'catalog'] as const) await changes[collection].clear()
    },
    look: lookIntoCrowds,
    async sweep() {
      for (const collection of ['users', 'catalog'] as const) {
        const { unpublished } = stores[collection]
        await sweepChanges({ changes: changes[collection], unpublished }, { before: Date.now() + anHour })
      }
    },
  }
}
