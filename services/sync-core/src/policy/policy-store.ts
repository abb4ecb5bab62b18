import type { Db } from 'mongodb'

export type StoredPolicy = { readonly version: number; readonly text: string }
export type PolicyStore = {
  /** Keeps a policy under its version; the text that lies there already wins, and is returned. */
  keep(policy: StoredPolicy): Promise<string>
  /** The one with the highest version; undefined before there is any. */
  newest(): Promise<StoredPolicy | undefined>
}

/** Policies by their version, never changed: what explains a document made by an older one, and tells all replicas. */
export function createPolicyStore(db: Db, now: () => Date = () => new Date()): PolicyStore {
  const policies = db.collection<{ _id: number; text: string; savedAt: Date }>('policies')
  return {
    async keep({ version, text }) {
      await policies.updateOne({ _id: version }, { $setOnInsert: { text, savedAt: now() } }, { upsert: true })
      const kept = await policies.findOne({ _id: version })
      return kept?.text ?? text
    },
    async newest() {
      const [found] = await policies.find().sort({ _id: -1 }).limit(1).toArray()
      return found === undefined ? undefined : { version: found._id, text: found.text }
    },
  }
}
