import { type Codec, type DecodedRecord, type Outcome, rejected, skipped } from '@varai/kafka'
import { platforms } from '@varai/schemas'
import { KeyLostError, PayloadLostError, SealError, type Vault } from '@varai/vault'

type Handle = (batch: readonly DecodedRecord[]) => Promise<Outcome[]>

export type ReadSetAsideDeps = {
  readonly vault: Pick<Vault, 'readBack'>
  readonly codec: Pick<Codec, 'decode'>
  readonly handle: Handle
  /** How many payloads are in memory at once; 4 unless told. Each may have the size of the largest delivery. */
  readonly atOnce?: number
}

/**
 * A handler of events that were too large to travel: each that refers to a payload is replaced by the event that lies
 * there, so that `handle` sees what was published as if it had been small. Throws when the vault or the registry is
 * away.
 */
export function createReadSetAside({ vault, codec, handle, atOnce = 4 }: ReadSetAsideDeps): Handle {
  async function readBack(record: DecodedRecord): Promise<DecodedRecord | Outcome> {
    const reference = referenceOf(record)
    if (reference === undefined || !('eventId' in record.value)) return record
    const { merchantId, source, storeId, eventId } = record.value
    const platform = platforms.find((name) => name === source)
    if (platform === undefined) return rejected('payloadRef: its source keeps nothing aside')
    let bytes: Buffer | undefined
    try {
      bytes = await vault.readBack({ merchantId, platform, storeId }, reference)
    } catch (error) {
      const hopeless = [SealError, PayloadLostError, KeyLostError].some((kind) => error instanceof kind)
      if (hopeless && error instanceof Error) return rejected(`payloadRef: ${error.message}`)
      throw error
    }
    if (bytes === undefined) return skipped('expired: what was set aside is kept for 30 days')
    const whole = await codec.decode(bytes)
    if (!whole.ok) return rejected(`payloadRef: ${whole.reason}`)
    if (whole.record !== record.record || !('eventId' in whole.value) || whole.value.eventId !== eventId) {
      return rejected('payloadRef: another event lies there')
    }
    const { record: _, value: __, ...place } = record
    return { ...place, ...whole }
  }

  async function handleSome(batch: readonly DecodedRecord[]): Promise<Outcome[]> {
    const read = await Promise.all(batch.map(readBack))
    const handled = (await handle(read.filter(isRecord))).values()
    return read.map((each) => {
      const outcome = isRecord(each) ? handled.next().value : each
      if (outcome === undefined) throw new Error('a record was left without an outcome')
      return outcome
    })
  }

  return async function readSetAside(batch) {
    const outcomes: Outcome[] = []
    for (const part of inParts(batch, atOnce)) outcomes.push(...(await handleSome(part)))
    return outcomes
  }
}

const isRecord = (read: DecodedRecord | Outcome): read is DecodedRecord => 'record' in read

const referenceOf = ({ value }: DecodedRecord): string | undefined =>
  'payloadRef' in value && value.payloadRef !== null ? value.payloadRef : undefined

/** The batch in its order, cut where one more payload would be too many. A batch without payloads stays whole. */
function inParts(batch: readonly DecodedRecord[], payloads: number): DecodedRecord[][] {
  const parts: DecodedRecord[][] = []
  let part: DecodedRecord[] = []
  let held = 0
  for (const record of batch) {
    const weight = referenceOf(record) === undefined ? 0 : 1
    if (held + weight > payloads) {
      parts.push(part)
      part = []
      held = 0
    }
    part.push(record)
    held += weight
  }
  return [...parts, part]
}
