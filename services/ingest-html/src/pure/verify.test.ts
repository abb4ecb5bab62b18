import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { signed } from '../test-api.ts'
import { verify } from './verify.ts'

const body = '{"events":[]}'
const now = Date.UTC(2026, 10, 22)
const secrets = ['new', 'old']
const check = (headers: Record<string, string>, text = body, at = now) =>
  verify({ headers, rawBody: Buffer.from(text) }, secrets, at)
const bad = { ok: false, answer: 401, reason: 'bad signature' }

test('both secrets sign', () => {
  for (const secret of secrets) expect(check(signed(body, { secret, at: now }))).toEqual({ ok: true })
  expect(check(signed(body, { secret: 'other', at: now }))).toEqual(bad)
})

test('one of several signatures is enough', () => {
  const good = signed(body, { at: now })
  const others = signed(body, { secret: 'other', at: now })['x-varai-signature']
  expect(check({ ...good, 'x-varai-signature': `${others}, ${good['x-varai-signature']}` })).toEqual({ ok: true })
})

test.prop([fc.nat({ max: body.length - 1 }), fc.integer({ min: 1, max: 255 })])(
  'one other byte breaks it',
  (at, by) => {
    const bytes = Buffer.from(body)
    bytes[at] = (bytes[at] ?? 0) ^ by
    expect(verify({ headers: signed(body, { at: now }), rawBody: bytes }, secrets, now)).toEqual(bad)
  },
)

test('key and time are signed with the body', () => {
  const good = signed(body, { at: now })
  expect(check({ ...good, 'x-varai-key': 'other' })).toEqual(bad)
  expect(check({ ...good, 'x-varai-timestamp': String(now / 1_000 + 1) })).toEqual(bad)
})

test.each([-299, 0, 299])('a clock that is %d s off', (seconds) => {
  expect(check(signed(body, { at: now + seconds * 1_000 }))).toEqual({ ok: true })
})

test.each([-301, 301, 86_400])('a clock that is %d s off is too far off', (seconds) => {
  expect(check(signed(body, { at: now + seconds * 1_000 }))).toMatchObject({ ok: false, answer: 401 })
})

test('without its headers', () => {
  const good = signed(body, { at: now })
  expect(check({ ...good, 'x-varai-key': '' })).toMatchObject({ answer: 400 })
  expect(check({ ...good, 'x-varai-timestamp': '' })).toMatchObject({ answer: 400 })
  expect(check({ ...good, 'x-varai-timestamp': 'yesterday' })).toMatchObject({ answer: 400 })
  expect(check({ ...good, 'x-varai-signature': '' })).toEqual(bad)
  expect(check({ ...good, 'x-varai-signature': 'v1=abc' })).toEqual(bad)
  expect(verify({ headers: good, rawBody: Buffer.from(body) }, [], now)).toEqual(bad)
})
