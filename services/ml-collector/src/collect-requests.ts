import { type DecodedRecord, done, handleApart, type Outcome, rejected } from '@varai/kafka'
import type { RowStore } from '@varai/ml-data'
import { isPerson, type Names } from '@varai/ml-data/pure'
import type { Draft, PrivacyConfirmed, PrivacyRequested } from '@varai/schemas'
import type { FactStore } from './fact-store.ts'
import type { KeepRows } from './keep-rows.ts'
import { erase, type Fact } from './pure/facts/fact.ts'
import { isTime, momentOf } from './pure/moment.ts'

type Deps = {
  readonly facts: FactStore
  readonly rows: Pick<RowStore, 'of'>
  readonly names: Names
  readonly keepRows: KeepRows
  readonly confirm: (confirmation: Draft<PrivacyConfirmed>) => Promise<void>
  readonly now: () => number
  /** What else comes. */
  readonly handle: (batch: readonly DecodedRecord[]) => Promise<Outcome[]>
}

const page = 500

/**
 * A handler of what people ask about their data: erases what facts and rows there are of them, by the way that a
 * withdrawn consent goes, and confirms it. Everything else is left to `handle`. Throws when a database or Kafka is
 * away; a request that comes again finds nothing left and is confirmed again.
 */
export function createCollectRequests(deps: Deps) {
  const { facts, rows, names, keepRows, confirm, now, handle } = deps

  return handleApart('PrivacyRequested', ({ value }) => answer(value), handle)

  async function answer(request: PrivacyRequested): Promise<Outcome> {
    if (!isTime(request.platformAt)) return rejected('platformAt is no time from 1970 on')
    switch (request.kind) {
      case 'data_request':
        return confirmed(request, await count((await concerned(request)).entities))
      case 'customer_redact': {
        const { persons, entities } = await concerned(request)
        const held = await count(entities)
        await eraseAll([...persons, ...entities], request)
        return confirmed(request, held)
      }
      case 'shop_redact':
        return confirmed(request, await eraseStore(request))
      default:
        return rejected('kind: no request that this service knows')
    }
  }

  /** The account or the address that is named, the orders, and what is of them; of a whole person everything of theirs. */
  async function concerned(of: PrivacyRequested): Promise<{ persons: Fact[]; entities: Fact[] }> {
    const address = names.address(of.merchantId, of.email)
    const named = of.customerId === null ? address : names.account(of, of.customerId)
    const persons =
      named === undefined ? [] : of.scope === 'person' ? await personOf([named, address ?? named]) : [named]
    const orders = await facts.load(of.orderIds.map((id) => names.order(of, id)))
    const direct = [...orders, ...(await facts.dependingOn(persons, ['session', 'order']))]
    const sessions = direct.filter(({ kind }) => kind === 'session')
    const inside = await facts.dependingOn(
      sessions.map(({ id }) => id),
      ['recommendation'],
    )
    const known = new Map((await facts.load(persons)).map((fact) => [fact.id, fact]))
    return {
      persons: persons.map((id) => known.get(id) ?? unheard(id, names, of)),
      entities: [...direct, ...inside],
    }
  }

  async function personOf(named: readonly string[]): Promise<string[]> {
    const persons = new Set(named)
    for (let open = [...persons]; open.length > 0; ) {
      const found = [...(await facts.load(open)), ...(await facts.dependingOn(open, ['account']))]
      const next = found.flatMap(({ id, depends }) => [id, ...depends]).filter(isPerson)
      open = [...new Set(next)].filter((id) => !persons.has(id))
      for (const id of open) persons.add(id)
    }
    return [...persons]
  }

  async function eraseAll(all: readonly Fact[], { requestId, platformAt }: PrivacyRequested): Promise<void> {
    const ids = [...new Set(all.map(({ id }) => id))]
    let open = [...new Map(all.map((fact) => [fact.id, fact])).values()]
    while (!(await facts.save(open.flatMap((fact) => changed(fact, erase(fact, requestId, platformAt)))))) {
      const held = new Map((await facts.load(ids)).map((fact) => [fact.id, fact]))
      open = open.map((fact) => held.get(fact.id) ?? fact)
    }
    await keepRows(ids)
  }

  async function eraseStore(request: PrivacyRequested): Promise<Counts> {
    const total = { rows: 0, exports: 0 }
    for (let behind = ''; ; ) {
      const some = await facts.ofStore(names.store(request), behind, page)
      const last = some.at(-1)
      if (last === undefined) return total
      const counts = await count(some)
      total.rows += counts.rows
      total.exports = Math.max(total.exports, counts.exports)
      await eraseAll(some, request)
      behind = last.id
    }
  }

  async function count(entities: readonly Fact[]): Promise<Counts> {
    const held = await rows.of(entities.map(({ id }) => id))
    return { rows: held.length, exports: new Set(held.flatMap((row) => row.exports)).size }
  }

  async function confirmed({ requestId, merchantId, subjectRef }: PrivacyRequested, counts: Counts): Promise<Outcome> {
    const outcome = counts.rows > 0 ? 'done' : 'nothing-held'
    await confirm({ ...{ requestId, merchantId, subjectRef, service: 'ml-collector', outcome }, counts, at: now() })
    return done
  }
}

/** Somebody of whom nothing was heard: what comes late of them counts no more either. */
const unheard = (id: string, names: Names, of: PrivacyRequested): Fact => ({
  ...{ id, kind: id.startsWith('a_') ? 'account' : 'address', store: names.store(of), platform: of.source },
  ...{ values: {}, highest: 0, depends: [], names: [], first: momentOf(of, names), version: 0 },
})

/** Rows there were of somebody, and earlier exports that hold some of them. */
type Counts = { rows: number; exports: number }

const changed = (before: Fact, after: Fact): Fact[] => (before === after ? [] : [after])
