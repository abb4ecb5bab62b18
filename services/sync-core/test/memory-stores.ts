import type { CanonicalStore } from '../src/canonical-store.ts'
import { emailKey } from '../src/pure/identity.ts'
import { customerKind } from '../src/pure/kinds.ts'
import type { HeldUser, UserWrite } from '../src/pure/project/plan.ts'
import type { UserContent } from '../src/pure/project/user.ts'
import type { RecordState } from '../src/pure/record.ts'
import type { RecordStore } from '../src/record-store.ts'

export type StoredUser = HeldUser & { readonly content: UserContent }

/** Both stores in memory. Every document is read and written by itself, each time after a `step`. */
export function createMemoryStores() {
  const records = new Map<string, RecordState>()
  const users = new Map<string, StoredUser>()
  let count = 0

  const keyOf = ({ merchantId, registers }: RecordState) => emailKey(merchantId, registers.values['email'])
  const nameOf = (collection: string, id: string) => `${collection} ${id}`

  function storesFor(step: () => Promise<void>): { records: RecordStore; canonical: CanonicalStore } {
    return {
      records: {
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
              count += 1
            }
          }
          return lost
        },
        async customers({ ids, emailKeys }) {
          const found = new Map<string, RecordState>()
          for (const id of ids) {
            await step()
            const record = records.get(nameOf(customerKind.collection, id))
            if (record !== undefined) found.set(id, record)
          }
          for (const key of emailKeys) {
            await step()
            for (const record of records.values()) {
              if (record.kind === customerKind && keyOf(record) === key) found.set(record.id, record)
            }
          }
          return [...found.values()]
        },
      },
      canonical: {
        async reaching(ids) {
          const found = new Map<string, StoredUser>()
          for (const id of ids) {
            await step()
            for (const user of users.values()) if (user.reach.includes(id)) found.set(user.id, user)
          }
          return [...found.values()]
        },
        async write(writes) {
          const lost = new Set<string>()
          for (const write of writes) {
            await step()
            if (users.get(write.id)?.rev !== write.guard) lost.add(write.id)
            else {
              users.set(write.id, written(write, users.get(write.id)))
              count += 1
            }
          }
          return lost
        },
      },
    }
  }

  return { records, users, storesFor, writes: () => count }
}

function written(write: UserWrite, held: StoredUser | undefined): StoredUser {
  const rev = (write.guard ?? 0) + 1
  if (write.what === 'document') return { id: write.id, rev, ...write.document }
  if (held === undefined) throw new Error('opened a document that is not there')
  return { ...held, rev, reach: write.reach, inputs: [] }
}
