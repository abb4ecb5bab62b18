import type { Publisher } from '@varai/kafka'
import type { Change } from '../pure/change/change.ts'
import { type PlainObject, textOf } from '../pure/plain.ts'
import { tellChange } from './tell-change.ts'

/** A document, as it was written or read, whose changes Kafka may not have yet. */
export type Unpublished = {
  readonly id: string
  readonly merchantId: string
  readonly version: number
  /** The document's guard at that time. */
  readonly rev: number
  /** Oldest first; the newest is that of `version`. */
  readonly pending: readonly Change[]
  /** What the document says at that version. */
  readonly image: () => PlainObject
}

/** Takes the changes out of documents that are still of that guard. */
export type ClearChanges = (documents: readonly Pick<Unpublished, 'id' | 'rev'>[]) => Promise<void>

/** Tells the world what changed in the documents of a collection, and keeps account of what it was told. */
export type PublishChanges = {
  /** Those of a document's changes that this process has not had acknowledged. */
  readonly unacknowledged: (id: string, pending: readonly Change[]) => readonly Change[]
  /** Resolves when Kafka has all of them; a change may be told twice. Rejects when Kafka is away. */
  readonly publish: (documents: readonly Unpublished[]) => Promise<void>
  /** Takes what was acknowledged out of the documents. Rejects when the database is away; then it is done later. */
  readonly clear: () => Promise<void>
}

/** So many at once: the publisher's queue is for all of a process. */
const atOnce = 500

export function createPublishChanges(deps: {
  readonly collection: string
  readonly publisher: Pick<Publisher, 'publish'>
  readonly clear: ClearChanges
}): PublishChanges {
  const { collection, publisher } = deps
  const keyOf = (id: string, version: number) => `${version} ${id}`
  /** On their way, so that two lanes of a process do not tell the same. */
  const underWay = new Map<string, Promise<void>>()
  const acknowledged = new Set<string>()
  /** Documents from which what was acknowledged is to be taken out, with its keys. */
  let told = new Map<string, { readonly rev: number; readonly keys: readonly string[] }>()

  function publishOnce(document: Unpublished, change: Change): Promise<void> {
    const key = keyOf(document.id, change.version)
    const already = underWay.get(key)
    if (already !== undefined) return already
    const sent = send(document, change).finally(() => underWay.delete(key))
    underWay.set(key, sent)
    return sent
  }

  async function send({ id, merchantId, version, image }: Unpublished, change: Change): Promise<void> {
    const { version: at, kind, fields, causes, rule, from } = change
    const named = { changeId: `${collection}|${id}|${at}`, collection, documentId: id, merchantId, version: at }
    // an older one's image is that of no version: the newest change has the document
    const pictured =
      at === version ? { after: textOf(image()), afterIs: 'whole' } : { after: null, afterIs: 'superseded' }
    await tellChange(publisher, { ...named, kind, fields, causes, rule, at: change.at, ...pictured, before: from })
  }

  async function publishOne(document: Unpublished): Promise<void> {
    const { id, rev, pending } = document
    // in their order, without waiting in between: the publisher keeps the order of one key
    await Promise.all(pending.map((change) => publishOnce(document, change)))
    const keys = pending.map(({ version }) => keyOf(id, version))
    for (const key of keys) acknowledged.add(key)
    const before = told.get(id)
    told.set(id, { rev: Math.max(rev, before?.rev ?? 0), keys: [...(before?.keys ?? []), ...keys] })
  }

  return {
    unacknowledged: (id, pending) =>
      pending.length === 0 ? pending : pending.filter(({ version }) => !acknowledged.has(keyOf(id, version))),

    async publish(documents) {
      const open = documents.filter(({ pending }) => pending.length > 0)
      for (let at = 0; at < open.length; at += atOnce) await Promise.all(open.slice(at, at + atOnce).map(publishOne))
    },

    async clear() {
      const taken = told
      if (taken.size === 0) return
      told = new Map()
      try {
        await deps.clear([...taken].map(([id, { rev }]) => ({ id, rev })))
      } catch (error) {
        for (const [id, { rev, keys }] of taken) {
          const since = told.get(id)
          told.set(id, { rev: since?.rev ?? rev, keys: [...keys, ...(since?.keys ?? [])] })
        }
        throw error
      }
      for (const { keys } of taken.values()) for (const key of keys) acknowledged.delete(key)
    },
  }
}
