import { createRequire } from 'node:module'
import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { recordSize } from './record-size.ts'

type Encoder = { readonly buffer: Buffer }
const require = createRequire(import.meta.url)
const Encoder: new () => Encoder = require('kafkajs/src/protocol/encoder')
const recordOf: (record: object) => {
  writeTo(encoder: Encoder): Encoder
} = require('kafkajs/src/protocol/recordBatch/record/v0')

test.prop([
  fc.option(fc.uint8Array({ maxLength: 200 })),
  fc.option(fc.uint8Array({ maxLength: 5_000 })),
  fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.uint8Array({ maxLength: 100 })), { maxKeys: 8 }),
])('never says less than the record takes on the wire', (key, value, headers) => {
  const bytes = Object.fromEntries(
    Object.entries(headers).map(([name, held]) => [name, typeof held === 'string' ? held : Buffer.from(held)]),
  )
  const record = recordOf({
    offsetDelta: 2_000_000,
    timestampDelta: 4_000_000,
    key: key === null ? null : Buffer.from(key),
    value: value === null ? null : Buffer.from(value),
    headers: bytes,
  })
  const { buffer } = record.writeTo(new Encoder())
  expect(recordSize({ key, value, headers: bytes })).toBeGreaterThanOrEqual(buffer.length)
})
