import { createLeaseStore, type LeaseStore } from '@varai/runtime/leases'
import type { Db } from 'mongodb'
import type { CanonicalStore } from '../../src/canonical-store.ts'
import { createDecisionStore, type DecisionStore, type Question } from '../../src/decisions/decision-store.ts'
import type { Erasing } from '../../src/erasures/erasure-store.ts'
import { createPolicyStore, type PolicyStore } from '../../src/policy/policy-store.ts'
import { textOf } from '../../src/pure/plain.ts'
import type { DecisionAbout } from '../../src/pure/policy/decide.ts'
import type { Verdict } from '../../src/pure/project/verdict.ts'
import type { RecordState } from '../../src/pure/record.ts'
import type { Stores } from '../apply.ts'
import { storesOf } from '../database.ts'
import { createMemoryStores, type KeptVerdict } from '../memory-stores.ts'

/** What several processes of the service share. */
export type Ground = {
  readonly stores: Stores
  readonly decisions: DecisionStore
  readonly policies: PolicyStore
  readonly leases: LeaseStore
}

/** Carries out one step of a process: one read, or the write of one document. */
export type Act = <T>(run: () => Promise<T>) => Promise<T>

export type SharedGround = {
  /** As one process sees it. */
  of(act: Act): Ground
  /** An operator's decision is there from now on, and waits to be shown. */
  keep(decision: DecisionAbout): Promise<void>
  /** As is what somebody said of two customers' records. */
  keepVerdict(verdict: Verdict): Promise<void>
  /** An erasure is there from now on: whom it concerns does not change any more. */
  keepErasure(erasing: Erasing): Promise<void>
}

/** What operators asked that nobody has answered yet, and what was decided so far. */
export type MemoryGround = SharedGround & {
  ask(question: Question): void
  askVerdict(verdict: Verdict): void
  decided(): {
    readonly decisions: DecisionAbout[]
    readonly verdicts: Verdict[]
    readonly erasures: Erasing[]
  }
}

const none = async () => undefined

/** All in memory; a lease is over as soon as it is given. */
export function memoryGround(): MemoryGround {
  const memory = createMemoryStores()
  const questions: Question[] = []
  const decided = new Map<string, DecisionAbout>()
  const shown = new Set<string>()
  const texts = new Map<number, string>()
  let token = 0

  const decisionsFor = (act: Act): DecisionStore => ({
    about: (ids) => act(async () => [...decided.values()].filter(({ about }) => about.some((id) => ids.includes(id)))),
    open: (limit) =>
      act(async () => ({
        questions: questions.slice(0, limit),
        unshown: [...decided.values()].filter(({ id }) => !shown.has(id)).slice(0, limit),
      })),
    decide: (id, { group, says, about }) =>
      act(async () => {
        const question = take(id)
        if (question === undefined) return
        decided.set(id, { ...{ id, collection: question.collection, group, about, says }, at: decided.size })
      }),
    shown: (id) => act(async () => void shown.add(id)),
    refuse: (id) => act(async () => void take(id)),
  })
  function take(id: string): Question | undefined {
    const at = questions.findIndex((question) => question.id === id)
    return at < 0 ? undefined : questions.splice(at, 1)[0]
  }

  return {
    of: (act) => ({
      stores: memory.storesFor(() => act(none)),
      decisions: decisionsFor(act),
      policies: {
        keep: ({ version, text }) =>
          act(async () => {
            if (!texts.has(version)) texts.set(version, text)
            return texts.get(version) ?? text
          }),
        newest: () =>
          act(async () => {
            const version = Math.max(...texts.keys())
            return { version, text: texts.get(version) ?? '' }
          }),
      },
      leases: {
        async claim(id) {
          token += 1
          return { kind: 'claimed', lease: { id, token, state: undefined } }
        },
        hold: async (lease) => lease.token === token,
        release: async (lease) => lease.token === token,
      },
    }),
    async keep(decision) {
      decided.set(decision.id, decision)
    },
    async keepVerdict(verdict) {
      memory.verdicts.set(verdict.id, { ...verdict, state: 'decided' })
    },
    async keepErasure(erasing) {
      memory.erasures.set(erasing.id, erasing)
    },
    ask: (question) => void questions.push(question),
    askVerdict: (verdict) => void memory.verdicts.set(verdict.id, { ...verdict, state: 'asked' }),
    decided: () => ({
      decisions: [...decided.values()],
      verdicts: [...memory.verdicts.values()].filter(({ state }) => state === 'shown').flatMap(toVerdict),
      erasures: [...memory.erasures.values()],
    }),
  }
}

const toVerdict = ({ id, pair, says, at }: KeptVerdict): Verdict[] =>
  says === undefined || says === 'withdrawn' ? [] : [{ id, pair, says, at }]

/** The real database, each call a step by itself, and each document's write one. */
export function databaseGround(db: Db): SharedGround {
  const stores = storesOf(db)
  const [decisions, policies] = [createDecisionStore(db), createPolicyStore(db)]
  let hours = 0
  const leases = createLeaseStore(db, 'jobs', () => {
    hours += 1
    return Date.now() + hours * 3_600_000
  })
  return {
    of: (act) => ({
      stores: {
        records: {
          ...stepwise(stores.records, act),
          saveMany: (kind, records) =>
            each(records, (record: RecordState) => act(() => stores.records.saveMany(kind, [record]))),
        },
        sessions: stepwise(stores.sessions, act),
        users: canonical(stores.users, act),
        catalog: canonical(stores.catalog, act),
        verdicts: stepwise(stores.verdicts, act),
        erasures: stepwise(stores.erasures, act),
      },
      decisions: stepwise(decisions, act),
      policies: stepwise(policies, act),
      leases: stepwise(leases, act),
    }),
    async keep({ id, says, about, at, ...decision }) {
      await db.collection<{ _id: string }>('decisions').insertOne({
        ...{ _id: id, ...decision, says: textOf(says), about: [...about], at: new Date(at), state: 'decided' },
      } as { _id: string })
    },
    async keepErasure(erasing) {
      await stores.erasures.keep(erasing)
    },
    async keepVerdict({ id, pair, says, at }) {
      await db
        .collection<{ _id: string }>('verdicts')
        .insertOne({ _id: id, pair: [...pair], says, at: new Date(at), state: 'decided' } as { _id: string })
    },
  }
}

/** A bulk of writes may be cut short between any two of them. */
const canonical = <C>(store: CanonicalStore<C>, act: Act): CanonicalStore<C> => ({
  ...stepwise(store, act),
  image: store.image,
  write: (writes) => each(writes, (write) => act(() => store.write([write]))),
  clear: async (told) => {
    for (const one of told) await act(() => store.clear([one]))
  },
})

async function each<T>(all: readonly T[], write: (one: T) => Promise<Set<string>>): Promise<Set<string>> {
  const lost = new Set<string>()
  for (const one of all) for (const id of await write(one)) lost.add(id)
  return lost
}

/** The same store, of which each call is one step. */
function stepwise<S extends object>(store: S, act: Act): S {
  return new Proxy(store, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver)
      if (typeof member !== 'function') return member
      return (...given: unknown[]) => act(() => Reflect.apply(member, target, given))
    },
  })
}
