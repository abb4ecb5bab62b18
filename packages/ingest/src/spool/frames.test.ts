import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { frame, frameHeaderBytes, maxPayloadBytes, payloadAt, readFrames } from './frames.ts'

const bytes = (max: number) => fc.uint8Array({ minLength: 0, maxLength: max }).map((array) => Buffer.from(array))
const payloads = fc.array(bytes(40), { minLength: 1, maxLength: 6 })
const fileOf = (all: readonly Buffer[]): Buffer => Buffer.concat(all.map(frame))
const read = (file: Buffer) => readFrames(file).frames.map(({ payload }) => Buffer.from(payload))

test.prop([payloads])('what was written is read', (all) => {
  const file = fileOf(all)
  expect(readFrames(file)).toMatchObject({ damagedBytes: 0, tornBytes: 0 })
  expect(read(file)).toEqual(all)
  for (const { offset, payload } of readFrames(file).frames) expect(payloadAt(file, offset)).toEqual(payload)
})

test.prop([payloads])('a file cut at any byte has every frame before the cut, and only the tail is torn', (all) => {
  const file = fileOf(all)
  const ends = all.map((_, index) => fileOf(all.slice(0, index + 1)).length)
  for (let cut = 0; cut <= file.length; cut += 1) {
    const whole = ends.filter((end) => end <= cut)
    const { frames, damagedBytes, tornBytes } = readFrames(file.subarray(0, cut))
    expect([frames.length, damagedBytes, tornBytes], `cut at ${cut}`).toEqual([
      ...[whole.length, 0, cut - (whole.at(-1) ?? 0)],
    ])
  }
})

test.prop([payloads, fc.nat(), fc.integer({ min: 0, max: 7 })])(
  'a flipped bit costs the frame it lies in and no other, and is noticed',
  (all, where, bit) => {
    const file = fileOf(all)
    const at = where % file.length
    file.writeUInt8(file.readUInt8(at) ^ (1 << bit), at)
    const ends = all.map((_, index) => fileOf(all.slice(0, index + 1)).length)
    const hit = ends.findIndex((end) => at < end)
    expect(read(file)).toEqual(all.filter((_, index) => index !== hit))
    const { damagedBytes, tornBytes } = readFrames(file)
    expect(damagedBytes + tornBytes).toBe(frameHeaderBytes + (all[hit]?.length ?? 0))
  },
)

test.prop([bytes(200)])('bytes that nobody wrote are no frames, and reading them ends', (file) => {
  expect(readFrames(file)).toMatchObject({ frames: [], tornBytes: file.length })
})

test('a frame that stands inside a payload is part of it', () => {
  const inner = frame(Buffer.from('inner'))
  expect(read(fileOf([inner, Buffer.from('next')]))).toEqual([inner, Buffer.from('next')])
})

test('more than a frame holds is refused, and a length beyond it is damage', () => {
  expect(() => frame(Buffer.alloc(maxPayloadBytes + 1))).toThrow(RangeError)
})
