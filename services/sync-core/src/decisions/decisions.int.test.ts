import { randomUUID } from 'node:crypto'
import { pause } from '@varai/runtime/guarded-writes'
import { beforeEach, describe, expect, test } from 'vitest'
import { applierOver, changesOf, fixed, type Stores, shipped } from '../../test/apply.ts'
import { storesOf, testDatabase } from '../../test/database.ts'
import { customer, decoded, noon, product } from '../../test/events.ts'
import { createProjections } from '../projections.ts'
import type { Event } from '../pure/admit.ts'
import type { Asked } from '../pure/policy/answer-asked.ts'
import { createAnswerQuestions } from './answer-questions.ts'
import { createDecisionStore } from './decision-store.ts'

const db = testDatabase('decisions')
let stores: Stores
let now = noon
beforeEach(() => {
  stores = storesOf(db())
  now = noon
})

const apply = async (...all: Event[]) =>
  applierOver(stores, pause, fixed(shipped), undefined, undefined, createDecisionStore(db()))(all.map(decoded))
const answer = async () => {
  const decisions = createDecisionStore(db())
  const changes = changesOf(stores, async () => undefined)
  const project = createProjections({ ...stores, policies: fixed(shipped), decisions, changes, pause })
  await createAnswerQuestions({ ...stores, decisions, policies: fixed(shipped), project })()
}
type Kept = { _id: string; [field: string]: unknown }
const documentOf = async (id: string, collection = 'users') => db().collection<Kept>(collection).findOne({ _id: id })

/** Asks as `varai decide` does; returns what became of it. */
async function ask(documentId: string, group: string, asked: Asked, collection = 'users') {
  const document = await documentOf(documentId, collection)
  const id = randomUUID()
  now += 1
  const { version, merchantId } = document ?? { version: 0, merchantId: '' }
  const who = { by: 'mia', why: 'asked on the phone', at: new Date(now) }
  await db()
    .collection<Kept>('decisions')
    .insertOne({
      _id: id,
      collection,
      documentId,
      merchantId,
      group,
      version,
      ...who,
      state: 'asked',
      asked: JSON.stringify(asked),
    })
  await answer()
  const kept = await db().collection<Kept>('decisions').findOne({ _id: id })
  if (kept === null) throw new Error('not kept')
  return kept
}

const said = (store: string, at: number, rest: object) =>
  customer({ entityId: '1', storeId: store, email: 'ann@x.at', createdAt: noon, platformAt: noon + at, ...rest })
const north = 'optik|shopify|north|1'
const south = 'optik|shopify|south|1'
const phones = [said('north', 1, { phone: '+43 1 5877001' }), said('south', 2, { phone: '+43 1 5877002' })]

describe('a decision', () => {
  test("to take a member's value is shown, with its id, and holds while members only restate", async () => {
    await apply(...phones)
    expect(await documentOf(north)).toMatchObject({ phone: '+43 1 5877002' })
    const kept = await ask(north, 'phone', { what: 'take', record: north, pinned: false })
    expect(kept).toMatchObject({ state: 'shown', about: [north, south], by: 'mia' })
    const decided = await documentOf(north)
    expect(decided).toMatchObject({
      phone: '+43 1 5877001',
      decisions: [kept._id],
      provenance: { phone: { rule: 'decision', decision: kept._id } },
    })
    await apply(said('south', 3, { phone: '+43 1 5877002', firstName: 'Ann' }))
    expect(await documentOf(north)).toMatchObject({ phone: '+43 1 5877001', firstName: 'Ann' })
  })

  test('is reopened by an edit, unless it is pinned; and withdrawn', async () => {
    await apply(...phones)
    await ask(north, 'phone', { what: 'take', record: north, pinned: false })
    await apply(said('south', 3, { phone: '+43 1 5877003' }))
    expect(await documentOf(north)).toMatchObject({ phone: '+43 1 5877003' })

    await ask(north, 'phone', { what: 'give', values: { phone: '+43 1 5877009' }, pinned: true })
    await apply(said('south', 4, { phone: '+43 1 5877004' }))
    expect(await documentOf(north)).toMatchObject({ phone: '+43 1 5877009' })
    await ask(north, 'phone', { what: 'withdraw' })
    expect(await documentOf(north)).toMatchObject({ phone: '+43 1 5877004' })
    await ask(north, 'phone', { what: 'pin' })
    await apply(said('south', 5, { phone: '+43 1 5877005' }))
    expect(await documentOf(north)).toMatchObject({ phone: '+43 1 5877004' })
  })

  test('counts for whom it was made of: a split ends in what each side says by itself, a merge brings it back', async () => {
    await apply(...phones)
    await ask(north, 'phone', { what: 'take', record: north, pinned: true })
    await apply(said('south', 3, { email: 'bea@x.at' }))
    expect(await documentOf(south)).toMatchObject({ phone: '+43 1 5877002' })
    expect(await documentOf(north)).not.toHaveProperty('decisions')
    await apply(said('south', 4, { email: 'ann@x.at' }))
    expect(await documentOf(north)).toMatchObject({ phone: '+43 1 5877001' })
  })

  test('about an item of the catalogue', async () => {
    const frame = (storeId: string, title: string) =>
      product({ storeId, title, createdAt: noon, variants: [{ id: '1', sku: 'S-1' }] })
    await apply(frame('north', 'Round'), frame('south', 'Runde'))
    const id = `${north}|1`
    await ask(id, 'title', { what: 'take', record: `${south}|1`, pinned: false }, 'catalog')
    expect(await documentOf(id, 'catalog')).toMatchObject({ title: 'Runde' })
  })

  test('whose process died before it was shown is shown by the next', async () => {
    await apply(...phones)
    const broken = { ...stores, users: { ...stores.users, write: () => Promise.reject(new Error('killed')) } }
    const whole = stores
    stores = broken
    await expect(ask(north, 'phone', { what: 'take', record: north, pinned: false })).rejects.toThrow('killed')
    stores = whole
    await answer()
    expect(await documentOf(north)).toMatchObject({ phone: '+43 1 5877001' })
  })
})

test.each<[string, Asked, RegExp]>([
  ['shoe', { what: 'pin' }, /no field shoe/],
  ['acceptsMarketing', { what: 'give', values: { acceptsMarketing: true }, pinned: true }, /consent/],
  ['phone', { what: 'take', record: 'optik|shopify|west|1', pinned: false }, /no living member/],
  ['phone', { what: 'give', values: { phone: 'call me' }, pinned: false }, /^phone /],
  ['phone', { what: 'give', values: { email: 'x@x.at' }, pinned: false }, /email is not of phone/],
  ['locale', { what: 'pin' }, /no value/],
])('asked of %s: %o is refused', async (group, asked, reason) => {
  await apply(...phones)
  expect(await ask(north, group, asked)).toMatchObject({ state: 'refused', reason: expect.stringMatching(reason) })
})

test('what somebody did not see is not decided: another version, a person who is another’s', async () => {
  await apply(...phones)
  expect(await ask(south, 'phone', { what: 'pin' })).toMatchObject({
    state: 'refused',
    reason: `it is one with ${north} now`,
  })
  expect(await ask('optik|shopify|none|1', 'phone', { what: 'pin' })).toMatchObject({
    reason: 'there is no such document',
  })
})
