import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { claimedStore, verifyModule } from './verify.ts'

const now = Date.UTC(2026, 10, 22, 12)
const eventId = '0b6f6f5e-8a55-4a53-9d7b-3d1f9c1c2f11'

type Parts = { at?: number | string; topic?: string; id?: string; body?: string; secret?: string }

function delivery({
  at = now / 1_000,
  topic = 'order.saved',
  id = eventId,
  body = '{"entity_id":1}',
  secret = 'new',
}: Parts = {}) {
  const signature = createHmac('sha256', secret).update(`${at}.${id}.${topic}.${body}`).digest('hex')
  const headers = {
    ...{ 'x-varai-store': 'default', 'x-varai-topic': topic, 'x-varai-event-id': id, 'x-varai-timestamp': String(at) },
    'x-varai-signature': `sha256=${signature}`,
  }
  return { headers, rawBody: Buffer.from(body) }
}
const verified = (parts: Parts = {}, changes: Record<string, string> = {}) => {
  const { headers, rawBody } = delivery(parts)
  return verifyModule({ headers: { ...headers, ...changes }, rawBody }, ['new', 'old'], now)
}
const bad = { ok: false, answer: 401, reason: 'bad signature' }

test('agrees with the module itself', () => {
  const file = join(import.meta.dirname, '../../../../../integrations/magento-module/Test/vectors/signature.json')
  const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as {
    vectors: { secret: string; timestamp: number; eventId: string; topic: string; body: string; signature: string }[]
  }
  for (const { secret, timestamp, eventId: id, topic, body, signature } of vectors) {
    const { headers, rawBody } = delivery({ at: timestamp, id, topic, body, secret: 'anything' })
    const webhook = { headers: { ...headers, 'x-varai-signature': signature }, rawBody }
    expect(verifyModule(webhook, ['old', secret], timestamp * 1_000)).toMatchObject({ ok: true, deliveryId: id, topic })
    expect(verifyModule(webhook, ['old'], timestamp * 1_000)).toEqual(bad)
  }
  expect(vectors.length).toBeGreaterThan(1)
})

test('the current secret and the one before it', () => {
  expect(verified()).toEqual({ ok: true, deliveryId: eventId, topic: 'order.saved' })
  expect(verified({ secret: 'old' })).toMatchObject({ ok: true })
  expect(verified({ secret: 'another store' })).toEqual(bad)
})

test.each([
  ['x-varai-topic', 'order.deleted'],
  ['x-varai-event-id', '0b6f6f5e-8a55-4a53-9d7b-3d1f9c1c2f12'],
  ['x-varai-timestamp', String(now / 1_000 + 1)],
  ['x-varai-signature', ''],
  ['x-varai-signature', 'sha256=00'],
  ['x-varai-topic', ''],
])('%s is part of what is signed: %j', (name, value) => {
  expect(verified({}, { [name]: value })).toEqual(bad)
})

test('hex in upper case, or without its prefix, is not what the module sends', () => {
  const { headers } = delivery()
  const signature = headers['x-varai-signature']
  expect(verified({}, { 'x-varai-signature': signature.toUpperCase() })).toEqual(bad)
  expect(verified({}, { 'x-varai-signature': signature.slice(7) })).toEqual(bad)
})

test.each([
  [-15 * 60, true],
  [-15 * 60 - 1, false],
  [5 * 60, true],
  [5 * 60 + 1, false],
])('signed %d s from now: %s', (seconds, ok) => {
  expect(verified({ at: now / 1_000 + seconds })).toMatchObject(ok ? { ok } : { ok, answer: 401 })
})

test.each([
  [{ at: 'soon' }, 'X-Varai-Timestamp is no time in seconds'],
  [{ id: 'x' }, 'X-Varai-Event-Id is no UUID'],
  [{ id: '' }, 'X-Varai-Event-Id is no UUID'],
  [{ topic: 'a|b' }, 'X-Varai-Topic is no topic'],
])('signed, and not what the module sends: %j', (parts, reason) => {
  expect(verified(parts)).toEqual({ ok: false, answer: 400, reason })
})

test('when the shop saved it tells apart what it saved within a second', () => {
  const at = (savedAt: unknown) => verified({ body: JSON.stringify({ entity_id: 1, saved_at: savedAt }) })
  expect(at('2026-11-22T11:59:59.250Z')).toMatchObject({ triggeredAt: '2026-11-22T11:59:59.250Z' })
  expect(at('2026-11-22 11:59:59')).toMatchObject({ triggeredAt: '2026-11-22T11:59:59.000Z' })
  expect(at('then')).not.toHaveProperty('triggeredAt')
  expect(verified({ body: 'no JSON' })).toMatchObject({ ok: true })
})

test('which store it claims to come from', () => {
  expect(claimedStore(delivery())).toEqual({ ok: true, storeId: 'default' })
  expect(claimedStore({ headers: {} })).toMatchObject({ ok: false, answer: 400 })
})
