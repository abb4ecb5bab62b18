import type { Publisher } from '@varai/kafka'
import { imageOfRecord, type RecordChange, unknownChange } from '../pure/change/record-change.ts'
import type { RecordKind } from '../pure/kinds.ts'
import { textOf } from '../pure/plain.ts'
import type { RecordState } from '../pure/record.ts'
import { type Telling, tellChange } from './tell-change.ts'

/** Some records of one kind, as they lie in the database: read, or written. */
export type RecordsOfKind = { readonly kind: RecordKind; readonly records: readonly RecordState[] }

/**
 * Tells what records say, level-triggered: not what a batch changed, but how every record is that a batch touched.
 *
 * **Guarantee.** When no more records are saved, and the offset of every statement was committed after a batch with it
 * had been told, Kafka has the last change of every record: its image at its highest version. It holds with any number
 * of processes and lanes, also such that were taken for dead and go on, and with deaths at any point.
 *
 * **Why.** A record's versions follow each other by guarded writes, and what a statement said once stays in it: a
 * statement that adds nothing to some version adds nothing to any later one. Take any version v. Some statement s led
 * to it, and adds something to every version before v. The offset of s is committed only after a batch with s was told.
 * That batch knew the record at a version to which s adds nothing, having read it so or written it, so at v or later,
 * and told the change that this version has. So for every v Kafka has the change of v or of a later version; for the
 * last v, that of v. Nothing depends on who saved v, nor on whether that process lived to tell it: if it died, s comes
 * again. What lost its guard was never a version, and is decided and told again.
 *
 * One version never says two things: the change lies in the record, and its image follows from the record. So telling
 * again is no new change, and nor is a second run of all lanes. A change that a newer one overtook before it was told
 * is never told: consumers learn states, not every step (canonical documents tell each of theirs).
 *
 * It costs no read and no write. What this process had acknowledged it does not tell again, as far as it remembers.
 */
export type TellRecords = {
  /** Whether changes of such records are kept and told. */
  readonly tells: (kind: RecordKind) => boolean
  /** Resolves, with how many were told, when Kafka has the last change of each. Rejects when Kafka is away. */
  readonly tell: (all: readonly RecordsOfKind[]) => Promise<number>
}

/** So much at once: the publisher's queue is for all lanes of a process. */
const mostAtOnce = 2_000
const mostCharacters = 8 * 1024 * 1024

export function createTellRecords(deps: {
  readonly publisher: Pick<Publisher, 'publish'>
  readonly kinds: readonly RecordKind[]
  readonly now?: () => number
  /** Of so many records, at least, it is remembered what Kafka acknowledged; 50,000 unless told. */
  readonly remembered?: number
}): TellRecords {
  const { publisher, kinds, now = Date.now, remembered = 50_000 } = deps
  const acknowledged = createMemory(remembered)
  const nameOf = ({ kind, id }: RecordState) => `${kind.collection}|${id}`

  return {
    tells: (kind) => kinds.includes(kind),

    async tell(all) {
      const open = all
        .filter(({ kind }) => kinds.includes(kind))
        .flatMap(({ records }) => records)
        .filter((record) => (acknowledged.get(nameOf(record)) ?? 0) < (record.change?.version ?? record.version))
      let [sent, characters]: [Promise<void>[], number] = [[], 0]
      for (const record of open) {
        const telling = tellingOf(record, record.change ?? unknownChange(record, now()))
        characters += telling.after?.length ?? 0
        sent.push(tellChange(publisher, telling))
        if (sent.length < mostAtOnce && characters < mostCharacters) continue
        await Promise.all(sent)
        ;[sent, characters] = [[], 0]
      }
      await Promise.all(sent)
      for (const record of open) acknowledged.set(nameOf(record), record.change?.version ?? record.version)
      return open.length
    },
  }
}

function tellingOf(record: RecordState, change: RecordChange): Telling {
  const { version, kind, from: before, causes, at } = change
  const { collection } = record.kind
  const image = imageOfRecord(record)
  return {
    ...{ changeId: `${collection}|${record.id}|${version}`, collection, documentId: record.id },
    ...{ merchantId: record.merchantId, version, kind, causes: [...causes], rule: null, at, before },
    fields: [...(change.fields ?? Object.keys(image ?? {}))],
    ...(image === undefined ? { after: null, afterIs: 'gone' } : { after: textOf(image), afterIs: 'whole' }),
  }
}

/** Numbers by name, at least so many of those that were set last, and at most twice as many. */
function createMemory(least: number) {
  let [recent, older] = [new Map<string, number>(), new Map<string, number>()]
  return {
    get: (name: string) => recent.get(name) ?? older.get(name),
    set(name: string, number: number) {
      recent.set(name, number)
      if (recent.size >= least) [recent, older] = [new Map(), recent]
    },
  }
}
