import type { CanonicalStore } from '../src/canonical-store.ts'
import type { VerdictAsked, VerdictStore } from '../src/decisions/verdict-store.ts'
import { type Erasing, type ErasureStore, namesOf } from '../src/erasures/erasure-store.ts'
import { summaryOf, userKeyOf } from '../src/pure/ai/session-summary.ts'
import { imageOf } from '../src/pure/change/image.ts'
import { aiSessionKind, orderKind } from '../src/pure/kinds.ts'
import type { PlainObject } from '../src/pure/plain.ts'
import { type ItemContent, itemForms, storedItem } from '../src/pure/project/catalog-item.ts'
import { newestFirst } from '../src/pure/project/person.ts'
import type { DocumentWrite, Held } from '../src/pure/project/plan.ts'
import { storedUser, type UserContent, userForms } from '../src/pure/project/user.ts'
import { latestOfPairs } from '../src/pure/project/verdict.ts'
import type { RecordState } from '../src/pure/record.ts'
import { crowdMarkOf } from '../src/read-groups.ts'
import type { RecordStore } from '../src/record-store.ts'
import type { SessionStore } from '../src/session-store.ts'
import type { Stores } from './apply.ts'
import { decimalText } from './documents.ts'

export type Stored<C> = Held & { readonly content: C }
type Step = () => Promise<void>

/** All stores in memory. Every document is read and written by itself, each time after a `step`. */
export function createMemoryStores() {
  const records = new Map<string, RecordState>()
  const users = new Map<string, Stored<UserContent>>()
  const catalog = new Map<string, Stored<ItemContent>>()
  const verdicts = new Map<string, KeptVerdict>()
  const erasures = new Map<string, Erasing>()
  let count = 0
  const wrote = () => {
    count += 1
  }
  const storesFor = (step: Step): Stores => ({
    records: recordStoreOver(records, step, wrote),
    sessions: sessionStoreOver(records, step),
    users: canonicalStoreOver(users, userImage, step, wrote),
    catalog: canonicalStoreOver(catalog, itemImage, step, wrote),
    verdicts: verdictStoreOver(verdicts, step, wrote),
    erasures: erasureStoreOver(erasures, step),
  })
  return { records, users, catalog, verdicts, erasures, storesFor, writes: () => count }
}

const userImage = (user: UserContent) => imageOf(storedUser(user, decimalText), userForms(), decimalText)
const itemImage = (item: ItemContent) => imageOf(storedItem(item, decimalText), itemForms(), decimalText)

const nameOf = (collection: string, id: string) => `${collection} ${id}`

function recordStoreOver(records: Map<string, RecordState>, step: Step, wrote: () => void): RecordStore {
  return {
    async loadMany(kind, ids) {
      const found = new Map<string, RecordState>()
      for (const id of ids) {
        await step()
        const record = records.get(nameOf(kind.collection, id))
        if (record !== undefined) found.set(id, record)
      }
      return found
    },
    async saveMany(kind, decided) {
      const lost = new Set<string>()
      for (const record of decided) {
        await step()
        const name = nameOf(kind.collection, record.id)
        if ((records.get(name)?.version ?? 0) !== record.version - 1) lost.add(record.id)
        else {
          records.set(name, record)
          wrote()
        }
      }
      return lost
    },
    async find(kind, of) {
      return (await this.findSharing(kind, { ...of, most: Number.POSITIVE_INFINITY })).records
    },
    async ordersOf(customers) {
      await step()
      return [...records.values()].filter(
        ({ kind, merchantId, platform, storeId, registers: { values } }) =>
          kind === orderKind && customers.includes([merchantId, platform, storeId, values['customerId']].join('|')),
      )
    },
    async pageAfter(kind, id, limit) {
      const following = [...records.values()].filter((record) => record.kind === kind && record.id > id)
      return following.sort((one, other) => (one.id < other.id ? -1 : 1)).slice(0, limit)
    },
    async findSharing(kind, { ids, keyField, keys, most }) {
      const found = new Map<string, RecordState>()
      const crowded: string[] = []
      for (const id of ids) {
        await step()
        const record = records.get(nameOf(kind.collection, id))
        if (record !== undefined) found.set(id, record)
      }
      for (const key of keys) {
        await step()
        const sharing = [...records.values()].filter(
          (record) => record.kind === kind && keysIn(record, keyField).includes(key),
        )
        if (sharing.length > most) crowded.push(key)
        else for (const record of sharing) found.set(record.id, record)
      }
      return { records: [...found.values()], crowded }
    },
  }
}

function sessionStoreOver(records: Map<string, RecordState>, step: Step): SessionStore {
  return {
    async newestOf(userKeys, most) {
      await step()
      const sessions = [...records.values()].filter(({ kind }) => kind === aiSessionKind)
      return new Map(
        userKeys.map((userKey) => {
          const own = sessions.filter((session) => userKeyOf(session) === userKey).map(summaryOf)
          return [userKey, own.sort(newestFirst).slice(0, most)]
        }),
      )
    },
  }
}

/** A verdict as somebody asks for it, and what became of it. */
export type KeptVerdict = VerdictAsked & { readonly at: number; readonly state: string; readonly reason?: string }

function verdictStoreOver(verdicts: Map<string, KeptVerdict>, step: Step, wrote: () => void): VerdictStore {
  const move = async (id: string, from: string, to: Partial<KeptVerdict>) => {
    await step()
    const held = verdicts.get(id)
    if (held?.state !== from) return
    verdicts.set(id, { ...held, ...to })
    wrote()
  }
  return {
    async about(ids) {
      await step()
      const counting = [...verdicts.values()].filter(({ state }) => state === 'decided' || state === 'shown')
      return latestOfPairs(counting.filter(({ pair }) => pair.some((id) => ids.includes(id)))).flatMap(
        ({ id, pair, says, at }) => (says === undefined || says === 'withdrawn' ? [] : [{ id, pair, says, at }]),
      )
    },
    async open(limit) {
      await step()
      const of = (wanted: string) => [...verdicts.values()].filter(({ state }) => state === wanted).slice(0, limit)
      return { asked: of('asked'), unshown: of('decided') }
    },
    decide: (id) => move(id, 'asked', { state: 'decided' }),
    shown: (id) => move(id, 'decided', { state: 'shown' }),
    refuse: (id, reason) => move(id, 'asked', { state: 'refused', reason }),
  }
}

function erasureStoreOver(erasures: Map<string, Erasing>, step: Step): ErasureStore {
  return {
    async keep(erasing) {
      await step()
      if (!erasures.has(erasing.id)) erasures.set(erasing.id, erasing)
      return erasures.get(erasing.id) ?? erasing
    },
    async find(id) {
      await step()
      return erasures.get(id)
    },
    async any() {
      await step()
      return erasures.size > 0
    },
    async of(names) {
      await step()
      return [...erasures.values()].filter((erasing) => namesOf(erasing).some((name) => names.includes(name)))
    },
    openOfStores: async () => [...erasures.values()].filter(({ store }) => store !== undefined),
    over: async () => undefined,
  }
}

const keysIn = (record: RecordState, keyField: string): unknown[] =>
  keyField === 'named.id'
    ? [...(record.lists['named']?.elements.keys() ?? [])]
    : [record.kind.derived?.(record)[keyField] ?? []].flat()

function canonicalStoreOver<C>(
  documents: Map<string, Stored<C>>,
  image: (content: C) => PlainObject,
  step: Step,
  wrote: () => void,
): CanonicalStore<C> {
  return {
    async reaching(ids) {
      const found = new Map<string, Stored<C>>()
      for (const id of ids) {
        await step()
        for (const document of documents.values()) if (document.reach.includes(id)) found.set(document.id, document)
      }
      return [...found.values()]
    },
    async write(writes) {
      const lost = new Set<string>()
      for (const write of writes) {
        await step()
        if (documents.get(write.id)?.rev !== write.guard) lost.add(write.id)
        else {
          documents.set(write.id, written(write, documents.get(write.id)))
          wrote()
        }
      }
      return lost
    },
    async madeBefore(policy, { limit }) {
      const older = [...documents.values()].filter((document) => document.policy < policy).map(({ id }) => id)
      return older.sort().slice(0, limit)
    },
    async crowded() {
      const marks = [...documents.values()].flatMap(({ id, reach }) =>
        reach.filter((mark) => mark.startsWith(crowdMarkOf(''))).map((mark): [string, string] => [mark, id]),
      )
      return [...new Set(new Map(marks).values())]
    },
    image,
    async unpublished({ before, limit }) {
      const left = [...documents.values()].filter(({ pending }) => pending.some(({ at }) => at < before))
      return left.slice(0, limit)
    },
    async clear(told) {
      for (const { id, rev } of told) {
        await step()
        const document = documents.get(id)
        if (document?.rev === rev) documents.set(id, { ...document, pending: [] })
      }
    },
  }
}

function written<C>(write: DocumentWrite<C>, held: Stored<C> | undefined): Stored<C> {
  const rev = (write.guard ?? 0) + 1
  if (write.what === 'document') return { id: write.id, rev, ...write.document }
  if (held === undefined) throw new Error('opened a document that is not there')
  return { ...held, rev, reach: write.reach, inputs: [] }
}
