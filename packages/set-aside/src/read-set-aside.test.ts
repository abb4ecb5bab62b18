import { type DecodedRecord, done, type Outcome, rejected } from '@varai/kafka'
import { type Draft, type RecordOf, typeOf } from '@varai/schemas'
import { KeyLostError, PayloadLostError, SealError, UnwrapError } from '@varai/vault'
import { expect, test, vi } from 'vitest'
import { createReadSetAside } from './read-set-aside.ts'

const noon = Date.UTC(2026, 2, 14, 12)
type Spoken = 'OrderStated' | 'ProductStated' | 'EntityDeleted'
type Told = { [N in Spoken]: { readonly record: N; readonly value: RecordOf<N> } }[Spoken]

const event =
  <N extends Spoken>(record: N, of: object) =>
  (given: Partial<Draft<RecordOf<N>>> = {}): Told => {
    const place = { source: 'shopify', merchantId: 'optik', storeId: 'north', origin: 'webhook', priority: 'medium' }
    const times = { platformAt: noon, at: noon, ingestedAt: noon }
    const draft: unknown = { eventId: 'shopify|north|x|0', entityId: '1', ...place, ...times, ...of, ...given }
    // The type that the name stands for.
    return { record, value: typeOf(record).fromBuffer(typeOf(record).toBuffer(draft)) } as Told
  }
const updated = (entityType: string) => ({ eventName: `${entityType}_updated`, eventType: 'update', entityType })
const order = event('OrderStated', updated('order'))
const product = event('ProductStated', updated('product'))
const deletion = event('EntityDeleted', { eventName: 'order_deleted', eventType: 'delete', entityType: 'order' })

const decoded = (of: Told): DecodedRecord => ({
  ...of,
  ...{ topic: 'varai.events.medium', partition: 0, offset: '0', key: null, headers: {}, timestamp: noon, attempt: 0 },
})

const payload = Buffer.from('whole')
const whole = order({ eventId: 'shopify|north|d|0', note: 'all of it' })
const light = order({ eventId: 'shopify|north|d|0', payloadRef: 'payload:1' })
const small = deletion()

function setUp(payloads: Record<string, () => Promise<Buffer | undefined>> = { 'payload:1': async () => payload }) {
  const handle = vi.fn(async (batch: readonly DecodedRecord[]): Promise<Outcome[]> => batch.map(() => done))
  const readBack = vi.fn(async (_: unknown, reference: string) => payloads[reference]?.())
  let lies: Told = whole
  const read = createReadSetAside({
    ...{ vault: { readBack }, handle, atOnce: 2 },
    codec: { decode: async () => ({ ok: true, ...lies }) },
  })
  return {
    ...{ handle, readBack, read: (events: Told[]) => read(events.map(decoded)) },
    lies: (event: Told) => {
      lies = event
    },
  }
}

test('what was set aside is handled as if it had been small, in its place among the others', async () => {
  const { read, handle, readBack } = setUp()
  expect(await read([small, light, small])).toEqual([done, done, done])
  expect(handle.mock.calls).toHaveLength(1)
  expect(handle.mock.calls[0]?.[0].map(({ value }) => value)).toEqual([small.value, whole.value, small.value])
  expect(readBack).toHaveBeenCalledWith({ merchantId: 'optik', platform: 'shopify', storeId: 'north' }, 'payload:1')
})

test('a batch without payloads is handled at once and reads nothing', async () => {
  const { read, handle, readBack } = setUp()
  await read([small, small, small, small])
  expect([handle.mock.calls.length, readBack.mock.calls.length]).toEqual([1, 0])
})

test('only so many payloads are in memory at once, and every record gets its own outcome', async () => {
  const { read, handle } = setUp()
  handle.mockImplementation(async (batch) => batch.map(({ value }) => rejected('note' in value ? 'large' : 'small')))
  const outcomes = await read([light, small, light, small, light, small])
  expect(handle.mock.calls.map(([batch]) => batch.length)).toEqual([4, 2])
  expect(outcomes.map((outcome) => 'reason' in outcome && outcome.reason)).toEqual([
    ...['large', 'small', 'large', 'small', 'large', 'small'],
  ])
})

test('what expired is skipped, what is lost or changed goes to the dead letters, the others are handled', async () => {
  const failing = (error: Error) => () => Promise.reject(error)
  const { read, handle } = setUp({
    expired: async () => undefined,
    lost: failing(new PayloadLostError('not there')),
    keyless: failing(new KeyLostError('no key')),
    changed: failing(new SealError('changed')),
  })
  const references = ['expired', 'lost', 'keyless', 'changed']
  const outcomes = await read([...references.map((payloadRef) => order({ payloadRef })), small])
  expect(outcomes.map(({ kind }) => kind)).toEqual(['skipped', 'rejected', 'rejected', 'rejected', 'done'])
  expect(handle.mock.calls.flatMap(([batch]) => batch)).toHaveLength(1)
})

test('a vault that is away, or has another master key, holds the batch', async () => {
  for (const error of [new Error('MongoDB is away'), new UnwrapError('another master key')]) {
    const { read } = setUp({ 'payload:1': () => Promise.reject(error) })
    await expect(read([small, light])).rejects.toThrow(error)
  }
})

test('a reference that leads to another event is refused', async () => {
  const { read, lies } = setUp()
  for (const other of [order({ eventId: 'shopify|north|e|0' }), product({ eventId: 'shopify|north|d|0' })]) {
    lies(other)
    expect(await read([light])).toEqual([rejected('payloadRef: another event lies there')])
  }
  expect(await read([order({ payloadRef: 'payload:1', source: 'varai' })])).toMatchObject([{ kind: 'rejected' }])
})
